package io.crossfade.frontdoor.rest;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/**
 * A request, read to its end.
 *
 * @param rawPath what stands behind the base path, still encoded
 * @param path its decoded segments
 * @param address where it came from
 */
record RestRequest(
        HttpMethod method,
        String rawPath,
        List<String> path,
        QueryString query,
        MultiMap headers,
        Buffer body,
        String address) {
    boolean isRead() {
        return HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method);
    }
}
