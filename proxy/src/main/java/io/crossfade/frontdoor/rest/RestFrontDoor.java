package io.crossfade.frontdoor.rest;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.Failure;
import io.crossfade.execution.CallServer;
import io.crossfade.execution.Served;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.observation.Observer;
import io.crossfade.settings.OperatorSettings;
import io.crossfade.settings.RestSettings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Serves {@code /rest/v1} as a Supabase project does.
 *
 * <p>Threads: everything runs on the event loop of this verticle.
 */
public final class RestFrontDoor extends VerticleBase {
    private static final String BASE = "/rest/v1";
    /** Lists of ids make long URLs; Supabase itself refuses above about 16 KiB. */
    private static final int LONGEST_URL = 64 * 1024;

    private static final int LARGEST_HEADERS = 32 * 1024;

    /** What is left of the ten seconds that a stop may take goes to the databases. */
    private static final int STOP_TIMEOUT = 8;

    private final RestSettings settings;
    private final CallServer calls;
    private final Observer observer;
    private final CallParser parser;
    private final ApiKeys keys;
    private final Admission admission;
    private final Duration patience;
    private final CompareHeader compareHeader;
    private @Nullable HttpServer server;

    /**
     * Builds the door; {@link #start} opens it.
     *
     * @param mostBytes how many bytes of bodies may be held, in and out, before new calls have to wait
     * @param patience how long a connection may be silent; longer than any call takes
     */
    public RestFrontDoor(
            RestSettings settings, CallServer calls, Observer observer, long mostBytes, Duration patience) {
        this(settings, calls, observer, mostBytes, patience, List.of());
    }

    /** @param operators who may have a call compared */
    public RestFrontDoor(
            RestSettings settings,
            CallServer calls,
            Observer observer,
            long mostBytes,
            Duration patience,
            List<OperatorSettings> operators) {
        this.settings = settings;
        this.calls = calls;
        this.observer = observer;
        this.parser = new CallParser(settings);
        this.keys = new ApiKeys(settings.serviceKeys());
        this.admission = new Admission(mostBytes);
        this.patience = patience;
        this.compareHeader = new CompareHeader(operators);
    }

    @Override
    public Future<?> start() {
        HttpServerOptions options = new HttpServerOptions()
                // As the admin front door: an offered upgrade is declined.
                .setHttp2ClearTextEnabled(false)
                .setMaxInitialLineLength(LONGEST_URL)
                .setMaxHeaderSize(LARGEST_HEADERS)
                .setIdleTimeout((int) patience.toSeconds())
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
            if (keys.acceptEveryone()) {
                // Or any page that somebody on this machine looks at could read and write the databases.
                forget(Responses.json(403, Cors.REFUSAL, response));
                return;
            }
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
        if (!hasBody(request)) {
            admit(request, 0, () -> serve(request, path, query, Buffer.buffer()));
            return;
        }
        request.pause();
        int limit = settings.maxBodySize();
        admit(
                request,
                Bodies.announced(request, limit),
                // The body of a caller who left while it waited would never end.
                () -> response.closed()
                        ? Future.succeededFuture()
                        : Bodies.read(request, limit)
                                .compose(body -> serve(request, path, query, body))
                                .recover(error -> fail(error, response)));
    }

    private void admit(HttpServerRequest request, long held, Supplier<Future<Void>> call) {
        boolean admitted =
                admission.admit(held, () -> forget(call.get().onComplete(answered -> admission.release(held))));
        if (!admitted) {
            request.resume();
            forget(fail(tooManyWaiting(), request.response()));
        }
    }

    /** Completes when the answer was written; a failure that is left is that of a caller who went away. */
    private Future<Void> serve(HttpServerRequest request, String path, QueryString query, Buffer body) {
        HttpServerResponse response = request.response();
        if (response.closed()) {
            return Future.succeededFuture();
        }
        try {
            RestCall rest = parser.parse(new RestRequest(
                    request.method(),
                    path.substring(BASE.length()),
                    segments(path),
                    query.without(ApiKeys.PARAMETER),
                    request.headers(),
                    body,
                    request.remoteAddress().hostAddress()));
            return calls.serve(rest.call(), compareHeader.insists(request.headers()))
                    .compose(served -> send(rest, served, response))
                    .recover(error -> fail(error, response));
        } catch (RuntimeException error) {
            return fail(error, response);
        }
    }

    private Future<Void> send(RestCall rest, Served served, HttpServerResponse response) {
        if (response.closed()) {
            return Future.succeededFuture();
        }
        int length = served.outcome().body().length();
        admission.hold(length);
        return Responses.send(rest, served, response).onComplete(sent -> admission.release(length));
    }

    private Future<Void> fail(Throwable error, HttpServerResponse response) {
        if (response.closed() || response.headWritten()) {
            return Future.succeededFuture();
        }
        if (error instanceof Failure failure) {
            return Responses.send(failure, response);
        }
        observer.observe(new Unexpected("REST front door", error));
        return Responses.send(
                new CallFailure(Code.CF500, "The call failed by a fault of Crossfade itself.", null, null, error),
                response);
    }

    private static boolean hasBody(HttpServerRequest request) {
        return HttpMethod.POST.equals(request.method())
                || HttpMethod.PATCH.equals(request.method())
                || HttpMethod.PUT.equals(request.method());
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
