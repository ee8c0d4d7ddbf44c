package io.crossfade.admin;

import io.crossfade.observation.Observation.TokensRefused;
import io.crossfade.rollout.RolloutMeters;
import io.crossfade.rollout.Rollouts;
import io.crossfade.settings.AdminSettings;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Serves the page, the JSON API, the metrics and the health of one proxy. Everything under {@code /api} asks for an
 * operator's token, or the session of one who signed in; the page itself, {@code /metrics} and {@code /health} do not.
 *
 * <p>Threading: one event loop, that of the verticle; {@link #port()} may be called from any thread.
 */
public final class AdminFrontDoor extends VerticleBase {
    private static final int IDLE_SECONDS = 60;

    private final AdminSettings settings;
    private final AdminParts parts;
    private final Attempts attempts = new Attempts(System::nanoTime);
    private final Sessions sessions = new Sessions(System::nanoTime);
    private volatile @Nullable Events events;
    private volatile List<Route> routes = List.of();
    private volatile @Nullable HttpServer server;

    public AdminFrontDoor(AdminSettings settings, AdminParts parts) {
        this.settings = settings;
        this.parts = parts;
    }

    /** Completes when the port accepts connections. */
    @Override
    public Future<?> start() {
        HttpServerOptions options = new HttpServerOptions()
                // One in fifty of Java's clients, which offer to upgrade, got a broken frame in an answer of 80 kB.
                // HTTP/2 itself has given that way up (RFC 9113, 3.1).
                .setHttp2ClearTextEnabled(false)
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setCompressionSupported(true);
        return vertx.createHttpServer(options)
                .requestHandler(router())
                .listen(settings.port(), settings.host())
                .onSuccess(listening -> server = listening);
    }

    /** Lets the listeners go: the server waits for everything else that it has begun to answer. */
    @Override
    public Future<?> stop() {
        Events open = events;
        if (open != null) {
            open.close();
        }
        return Future.succeededFuture();
    }

    /** The port that it listens on, once started. */
    public int port() {
        HttpServer listening = server;
        if (listening == null) {
            throw new IllegalStateException("the admin front door is not open");
        }
        return listening.actualPort();
    }

    /** Every route that is mounted, once started. */
    List<Route> routes() {
        return routes;
    }

    /** How many listen to events. */
    int listeners() {
        Events open = events;
        return open == null ? 0 : open.listeners();
    }

    /** Every route; to be called once, on the event loop of the verticle. */
    private Router router() {
        Router router = Router.router(vertx);
        router.route().handler(new SecurityHeaders());
        api(router);
        GetHealth health = new GetHealth(parts.status(), parts.rollouts());
        router.get("/health/live").handler(health.live());
        router.get("/health/ready").handler(health.ready());
        RolloutMeters meters = new RolloutMeters(parts.rollouts(), parts.registry());
        router.get("/metrics").handler(new GetMetrics(vertx, meters, parts.registry()));
        Page.mountOn(router);
        routes = router.getRoutes();
        new ProblemResponse(parts.observer()).mountOn(router);
        return router;
    }

    private void api(Router router) {
        Rollouts rollouts = parts.rollouts();
        RepositoryView view = new RepositoryView(rollouts, parts.guard(), parts.tally(), parts.mismatches());
        StatusView status = new StatusView(parts.status(), rollouts);
        GetRepositories repositories = new GetRepositories(rollouts, view);
        TokenCheck tokens = new TokenCheck(new Operators(settings.everybody()), attempts, this::refusedTokens);
        SessionCommands session = new SessionCommands(tokens, sessions);
        session.mountBeforeAuthentication(router);
        router.route("/api/*").handler(new Authentication(tokens, sessions));
        session.mountOn(router);
        router.get("/api/status").handler(new GetStatus(status));
        router.get("/api/instances").handler(new GetInstances(rollouts, status));
        router.get("/api/repositories").handler(repositories);
        router.get("/api/repositories/:name").handler(new GetRepository(rollouts, view));
        router.patch("/api/repositories/:name")
                .handler(JsonBody.reader())
                .handler(new PatchRepository(rollouts, parts.guard(), view));
        router.get("/api/dead-letters").handler(new GetDeadLetters(parts.deadLetters()));
        new DecideDeadLetters(parts.deadLetters(), parts.audit()).mountOn(router);
        new GetMismatches(parts.mismatches()).mountOn(router);
        new ResolveMismatch(parts.mismatches(), parts.audit()).mountOn(router);
        new GetAudit(parts.audit()).mountOn(router);
        new GetOperations(parts.works()).mountOn(router);
        new MoveAuthorities(parts.cutovers()).mountOn(router);
        new GetReconciliation(parts.reconciliation(), parts.audit()).mountOn(router);
        new DecideReconciliation(parts.reconciliation(), parts.audit()).mountOn(router);
        new PinKeys(rollouts, parts.pins(), parts.audit()).mountOn(router);
        new GetStatistics(parts.counted()).mountOn(router);
        new GetEvidence(parts.counted(), rollouts).mountOn(router);
        Events feed = new Events(status, repositories, sessions);
        feed.open(vertx, parts.works(), parts.states(), parts.mismatches());
        events = feed;
        router.get("/api/events").handler(feed);
        router.get("/api/openapi.json").handler(new GetOpenApi());
    }

    private void refusedTokens() {
        parts.observer().observe(new TokensRefused());
        // Without the address, which is personal data; where no side answers, the log alone says so.
        var unused = parts.audit().append("nobody", null, "tokens-refused", new JsonObject(), "");
    }
}
