package io.crossfade.frontdoor.rest;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;

/** What browsers ask before they call (Fetch standard, "CORS protocol"); answered as PostgREST does. */
final class Cors {
    static final String EXPOSED = "Content-Encoding, Content-Location, Content-Range, Content-Type, Date, Location,"
            + " Server, Transfer-Encoding, Range-Unit";

    /** The answer to a web page where every caller is accepted. */
    static final Map<String, String> REFUSAL = Map.of(
            "message", "Web pages are served only where a service key is asked for",
            "hint", "Set rest.serviceKeys or CROSSFADE_SERVICE_KEY.");

    private Cors() {}

    static Future<Void> preflight(HttpServerRequest request) {
        String requested = request.getHeader("Access-Control-Request-Headers");
        return request.response()
                .putHeader("Access-Control-Allow-Origin", "*")
                .putHeader("Access-Control-Allow-Methods", "GET, POST, PATCH, PUT, DELETE, OPTIONS")
                .putHeader(
                        "Access-Control-Allow-Headers",
                        requested == null ? "Authorization" : "Authorization, " + requested)
                .putHeader("Access-Control-Max-Age", "86400")
                .setStatusCode(200)
                .end();
    }
}
