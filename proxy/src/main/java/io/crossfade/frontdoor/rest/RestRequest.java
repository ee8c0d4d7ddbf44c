package io.crossfade.frontdoor.rest;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;

/**
 * A request, read to its end.
 *
 * @param path the decoded segments behind the base path
 * @param address where it came from
 */
record RestRequest(
        HttpMethod method, List<String> path, QueryString query, MultiMap headers, Buffer body, String address) {
    boolean isRead() {
        return HttpMethod.GET.equals(method) || HttpMethod.HEAD.equals(method);
    }
}
