package io.crossfade.admin;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * The operators' page: a handful of files, read from the class path once and served from memory. No path that a caller
 * sends ever reaches a file system.
 */
final class Page {
    private static final String FOLDER = "/crossfade-admin/";
    private static final Map<String, String> FILES = Map.of(
            "index.html", "text/html; charset=utf-8",
            "style.css", "text/css; charset=utf-8",
            "app.js", "text/javascript; charset=utf-8",
            "icon.svg", "image/svg+xml");

    private Page() {}

    static void mountOn(Router router) {
        router.get("/").handler(file("index.html", "text/html; charset=utf-8"));
        FILES.forEach((name, type) -> router.get("/" + name).handler(file(name, type)));
    }

    private static Handler<RoutingContext> file(String name, String type) {
        Buffer content = content(name);
        return context -> context.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .end(content)
                .onFailure(gone -> {});
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
