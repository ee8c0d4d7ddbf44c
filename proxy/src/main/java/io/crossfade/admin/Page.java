package io.crossfade.admin;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * The operators' page: a handful of files, read from the class path once and served from memory. No path that a caller
 * sends ever reaches a file system.
 */
final class Page {
    private static final String FOLDER = "/crossfade-admin/";
    /** Every file of the page. */
    static final List<String> FILES = List.of(
            "index.html",
            "icon.svg",
            "style.css",
            "group.css",
            "app.js",
            "api.js",
            "card.js",
            "dom.js",
            "feed.js",
            "forward.js",
            "gates.js",
            "history.js",
            "letters.js",
            "mismatches.js",
            "model.js",
            "sides.js",
            "signin.js",
            "works.js");

    private Page() {}

    static void mountOn(Router router) {
        router.get("/").handler(file("index.html"));
        FILES.forEach(name -> router.get("/" + name).handler(file(name)));
    }

    private static Handler<RoutingContext> file(String name) {
        Buffer content = content(name);
        String type = type(name);
        return context -> context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .end(content)
                .onFailure(gone -> {});
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException("no type is known for the page's file " + name);
        };
    }

    private static Buffer content(String name) {
        try (InputStream file = Page.class.getResourceAsStream(FOLDER + name)) {
            if (file == null) {
                throw new IllegalStateException("the page's file " + name + " is not on the class path");
            }
            return Buffer.buffer(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
