package io.crossfade.frontdoor.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crossfade.call.Answer.Count;
import io.crossfade.call.Delete;
import io.crossfade.call.Failure;
import io.crossfade.call.Insert;
import io.crossfade.call.Invocation;
import io.crossfade.call.OnConflict.Resolution;
import io.crossfade.call.Outcome;
import io.crossfade.call.Query;
import io.crossfade.call.Read;
import io.crossfade.call.Update;
import io.crossfade.execution.Served;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Turns outcomes and failures into HTTP (PostgREST reference, "Pagination and Count", "Prefer Header", "Errors"). */
final class Responses {
    private static final String JSON = "application/json; charset=utf-8";
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int RETRY_AFTER_SECONDS = 1;

    private Responses() {}

    /** Completes when the answer was written. */
    static Future<Void> send(RestCall rest, Served served, HttpServerResponse response) {
        Outcome outcome = served.outcome();
        header(response, "X-Crossfade-Side", served.route().answering().label());
        if (rest.call() instanceof Read read) {
            return rows(rest, read.query(), outcome, response);
        }
        if (rest.call() instanceof Invocation invocation) {
            return function(rest, invocation, outcome, response);
        }
        if (rest.call() instanceof Insert insert) {
            boolean onlyUpdated = outcome.inserted() != null
                    && outcome.inserted() == 0
                    && insert.onConflict() != null
                    && insert.onConflict().resolution() == Resolution.MERGE_DUPLICATES;
            header(response, "Content-Range", "*/" + counted(rest, outcome));
            header(response, "Location", location(insert, outcome));
            return written(rest, outcome, onlyUpdated ? 200 : 201, response);
        }
        boolean rows = rest.call().answer().body();
        if (rest.call() instanceof Update) {
            header(response, "Content-Range", contentRange(0, outcome.rows(), counted(rest, outcome)));
        } else if (rest.call() instanceof Delete) {
            header(response, "Content-Range", "*/" + counted(rest, outcome));
        }
        return written(rest, outcome, rows ? 200 : 204, response);
    }

    /** The body that PostgREST would send, and never a stack trace. */
    static Future<Void> send(Failure failure, HttpServerResponse response) {
        int status = Statuses.of(failure);
        header(response, "Proxy-Status", "PostgREST; error=" + failure.code());
        if (status == 503) {
            header(response, "Retry-After", String.valueOf(RETRY_AFTER_SECONDS));
        }
        return json(status, body(failure), response);
    }

    private static Map<String, @Nullable Object> body(Failure failure) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("code", failure.code());
        body.put("details", failure.details());
        body.put("hint", failure.hint());
        body.put("message", failure.message());
        return body;
    }

    /** Any JSON object, such as those of the gateway before PostgREST. */
    static Future<Void> json(int status, Map<String, ? extends @Nullable Object> body, HttpServerResponse response) {
        try {
            header(response, "Content-Type", JSON);
            return response.setStatusCode(status).end(Buffer.buffer(MAPPER.writeValueAsBytes(body)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts are always JSON", e);
        }
    }

    private static Future<Void> rows(RestCall rest, Query query, Outcome outcome, HttpServerResponse response) {
        Long total = outcome.total();
        long offset = query.offset();
        header(response, "Content-Location", rest.contentLocation());
        if (total != null && offset > total) {
            // PostgREST builds this one like the answer that it would have been.
            header(response, "Content-Range", "*/" + total);
            header(response, "Content-Profile", rest.contentProfile());
            header(response, "Preference-Applied", rest.preferenceApplied(outcome));
            Failure failure = Range.unsatisfiable(
                    "An offset of " + offset + " was requested, but there are only " + total + " rows.");
            return json(416, body(failure), response);
        }
        header(response, "Content-Range", contentRange(offset, outcome.rows(), total == null ? "*" : total.toString()));
        boolean partial = total != null && outcome.rows() < total;
        return body(rest, outcome, partial ? 206 : 200, response);
    }

    private static Future<Void> function(
            RestCall rest, Invocation invocation, Outcome outcome, HttpServerResponse response) {
        if (outcome.kind() == Outcome.Kind.VOID) {
            header(response, "Content-Range", contentRange(0, outcome.rows(), "*"));
            return end(rest, outcome, 204, response);
        }
        return rows(rest, invocation.query(), outcome, response);
    }

    private static Future<Void> written(RestCall rest, Outcome outcome, int status, HttpServerResponse response) {
        return rest.call().answer().body()
                ? body(rest, outcome, status, response)
                : end(rest, outcome, status, response);
    }

    private static Future<Void> body(RestCall rest, Outcome outcome, int status, HttpServerResponse response) {
        header(response, "Content-Type", rest.accept().contentType());
        header(response, "Content-Profile", rest.contentProfile());
        header(response, "Preference-Applied", rest.preferenceApplied(outcome));
        response.setStatusCode(status);
        return HttpMethod.HEAD.equals(rest.method()) ? response.end() : response.end(outcome.body());
    }

    private static Future<Void> end(RestCall rest, Outcome outcome, int status, HttpServerResponse response) {
        header(response, "Preference-Applied", rest.preferenceApplied(outcome));
        return response.setStatusCode(status).end();
    }

    private static String counted(RestCall rest, Outcome outcome) {
        return rest.call().answer().count() == Count.NONE ? "*" : String.valueOf(outcome.rows());
    }

    private static String contentRange(long offset, long rows, String total) {
        return (rows == 0 ? "*" : offset + "-" + (offset + rows - 1)) + "/" + total;
    }

    /** {@code /table?key=eq.value}, the parts of a key joined. */
    private static @Nullable String location(Insert insert, Outcome outcome) {
        if (outcome.location() == null) {
            return null;
        }
        try {
            Map<?, ?> key = MAPPER.readValue(outcome.location(), LinkedHashMap.class);
            return "/" + insert.repository().relation()
                    + key.entrySet().stream()
                            .map(part -> encode(part.getKey())
                                    + (part.getValue() == null ? "=is.null" : "=eq." + encode(part.getValue())))
                            .collect(Collectors.joining("&", "?", ""));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the database makes valid JSON", e);
        }
    }

    private static String encode(Object part) {
        return URLEncoder.encode(Objects.toString(part), StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static void header(HttpServerResponse response, String name, @Nullable String value) {
        if (value != null) {
            response.putHeader(name, value);
        }
    }
}
