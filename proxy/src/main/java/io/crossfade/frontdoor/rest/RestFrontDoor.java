package io.crossfade.frontdoor.rest;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.Failure;
import io.crossfade.execution.CallServer;
import io.crossfade.execution.Served;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.observation.Observer;
import io.crossfade.settings.RestSettings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code /rest/v1} as a Supabase project does.
 *
 * <p>Threads: everything runs on the event loop of this verticle; several instances share the port.
 */
public final class RestFrontDoor extends VerticleBase {
    private static final String BASE = "/rest/v1";
    /** Lists of ids make long URLs; Supabase itself refuses above about 16 KiB. */
    private static final int LONGEST_URL = 64 * 1024;

    private static final int LARGEST_HEADERS = 32 * 1024;
    /** A caller that neither sends nor reads for so long is gone, in seconds. */
    private static final int IDLE_TIMEOUT = 75;

    /** What is left of the ten seconds that a stop may take goes to the databases. */
    private static final int STOP_TIMEOUT = 8;

    private final RestSettings settings;
    private final CallServer calls;
    private final Observer observer;
    private final CallParser parser;
    private final ApiKeys keys;
    private final Admission admission;
    private @Nullable HttpServer server;

    /** @param mostBytesOut how many bytes of answers may wait for slow callers before new calls have to wait */
    public RestFrontDoor(RestSettings settings, CallServer calls, Observer observer, long mostBytesOut) {
        this.settings = settings;
        this.calls = calls;
        this.observer = observer;
        this.parser = new CallParser(settings);
        this.keys = new ApiKeys(settings.serviceKeys());
        this.admission = new Admission(mostBytesOut);
    }

    @Override
    public Future<?> start() {
        HttpServerOptions options = new HttpServerOptions()
                .setMaxInitialLineLength(LONGEST_URL)
                .setMaxHeaderSize(LARGEST_HEADERS)
                .setIdleTimeout(IDLE_TIMEOUT)
                .setTcpNoDelay(true);
        HttpServer starting = vertx.createHttpServer(options)
                .requestHandler(this::handle)
                .exceptionHandler(error -> {
                    // A caller that went away; nothing of ours failed.
                });
        server = starting;
        return starting.listen(settings.port(), settings.host());
    }

    /** Takes no new calls and finishes those in flight. */
    @Override
    public Future<?> stop() {
        HttpServer running = server;
        return running == null ? Future.succeededFuture() : running.shutdown(STOP_TIMEOUT, TimeUnit.SECONDS);
    }

    /** The port that it listens on. */
    public int port() {
        HttpServer running = server;
        if (running == null) {
            throw new IllegalStateException("not started");
        }
        return running.actualPort();
    }

    private void handle(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (request.getHeader("Origin") != null) {
            response.putHeader("Access-Control-Allow-Origin", "*");
            response.putHeader("Access-Control-Expose-Headers", Cors.EXPOSED);
        }
        if (HttpMethod.OPTIONS.equals(request.method())) {
            forget(Cors.preflight(request));
            return;
        }
        String path = request.path() == null ? "" : request.path();
        if (!path.equals(BASE) && !path.startsWith(BASE + "/")) {
            forget(Responses.json(404, notServed(path), response));
            return;
        }
        QueryString query = QueryString.parse(request.query());
        String key = request.getHeader(ApiKeys.PARAMETER);
        Map<String, String> refusal = keys.refusal(key == null ? query.first(ApiKeys.PARAMETER) : key);
        if (refusal != null) {
            forget(Responses.json(401, refusal, response));
            return;
        }
        boolean hasBody = HttpMethod.POST.equals(request.method())
                || HttpMethod.PATCH.equals(request.method())
                || HttpMethod.PUT.equals(request.method());
        Future<Buffer> body =
                hasBody ? Bodies.read(request, settings.maxBodySize()) : Future.succeededFuture(Buffer.buffer());
        body.onComplete(read -> {
            if (read.failed()) {
                refuse(read.cause(), request);
            } else if (!admission.admit(() -> serve(request, path, query, read.result()))) {
                fail(tooManyWaiting(), response);
            }
        });
    }

    private void serve(HttpServerRequest request, String path, QueryString query, Buffer body) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return;
        }
        try {
            RestCall rest = parser.parse(new RestRequest(
                    request.method(),
                    segments(path),
                    query.without(ApiKeys.PARAMETER),
                    request.headers(),
                    body,
                    request.remoteAddress().hostAddress()));
            calls.serve(rest.call()).onComplete(answer -> {
                if (answer.succeeded()) {
                    send(rest, answer.result(), response);
                } else {
                    fail(answer.cause(), response);
                }
            });
        } catch (RuntimeException error) {
            fail(error, response);
        }
    }

    private void send(RestCall rest, Served served, HttpServerResponse response) {
        if (response.closed()) {
            return;
        }
        int length = served.outcome().body().length();
        admission.writing(length);
        Responses.send(rest, served, response).onComplete(sent -> admission.written(length));
    }

    private void fail(Throwable error, HttpServerResponse response) {
        if (response.closed()) {
            return;
        }
        if (error instanceof Failure failure) {
            forget(Responses.send(failure, response));
        } else {
            observer.observe(new Unexpected("REST front door", error));
            forget(Responses.send(
                    new CallFailure(Code.CF500, "The call failed by a fault of Crossfade itself.", null, null, error),
                    response));
        }
    }

    /** The rest of a body that is too large is not read, so the connection cannot be used again. */
    private void refuse(Throwable error, HttpServerRequest request) {
        HttpServerResponse response = request.response();
        if (error instanceof Failure failure && !response.closed()) {
            response.putHeader("Connection", "close");
            forget(Responses.send(failure, response)
                    .eventually(() -> request.connection().close()));
        }
    }

    private static List<String> segments(String path) {
        String behind = path.length() <= BASE.length() ? "" : path.substring(BASE.length() + 1);
        return Stream.of(behind.split("/", -1))
                .map(segment -> QueryString.decode(segment.replace("+", "%2B")))
                .toList();
    }

    private static Map<String, String> notServed(String path) {
        return Map.of(
                "message",
                "no Route matched with those values",
                "hint",
                "Crossfade serves " + BASE + "; '" + path + "' is not part of it.");
    }

    private static CallFailure tooManyWaiting() {
        return new CallFailure(
                Code.CF429,
                "Too many calls are waiting for slow callers to read their answers.",
                null,
                "Read answers faster, or ask for fewer rows at once.");
    }

    /** The caller may be gone before it has the answer; there is nobody left to tell. */
    private static void forget(Future<Void> sending) {
        sending.onFailure(gone -> {});
    }
}
