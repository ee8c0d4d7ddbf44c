package io.crossfade.admin;

import io.crossfade.guard.RolloutGuard;
import io.crossfade.observation.CallTally;
import io.crossfade.observation.Observer;
import io.crossfade.rollout.RolloutMeters;
import io.crossfade.rollout.Rollouts;
import io.crossfade.settings.AdminSettings;
import io.crossfade.shadow.DeadLetterDesk;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Serves the page, the JSON API, the metrics and the health of one proxy. Everything under {@code /api} asks for the
 * admin token; the page itself, {@code /metrics} and {@code /health} do not.
 *
 * <p>Threading: one event loop, that of the verticle; {@link #port()} may be called from any thread.
 */
public final class AdminFrontDoor extends VerticleBase {
    private static final int IDLE_SECONDS = 60;

    private final AdminSettings settings;
    private final Rollouts rollouts;
    private final RolloutGuard guard;
    private final StatusSource status;
    private final DeadLetterDesk deadLetters;
    private final CallTally tally;
    private final PrometheusMeterRegistry registry;
    private final Observer observer;
    private volatile @Nullable HttpServer server;

    public AdminFrontDoor(
            AdminSettings settings,
            Rollouts rollouts,
            RolloutGuard guard,
            StatusSource status,
            DeadLetterDesk deadLetters,
            CallTally tally,
            PrometheusMeterRegistry registry,
            Observer observer) {
        this.settings = settings;
        this.rollouts = rollouts;
        this.guard = guard;
        this.status = status;
        this.deadLetters = deadLetters;
        this.tally = tally;
        this.registry = registry;
        this.observer = observer;
    }

    /** Completes when the port accepts connections. */
    @Override
    public Future<?> start() {
        HttpServerOptions options = new HttpServerOptions()
                .setIdleTimeout(IDLE_SECONDS)
                .setIdleTimeoutUnit(TimeUnit.SECONDS)
                .setCompressionSupported(true);
        return vertx.createHttpServer(options)
                .requestHandler(router())
                .listen(settings.port(), settings.host())
                .onSuccess(listening -> server = listening);
    }

    /** The port that it listens on, once started. */
    public int port() {
        HttpServer listening = server;
        if (listening == null) {
            throw new IllegalStateException("the admin front door is not open");
        }
        return listening.actualPort();
    }

    private Router router() {
        Router router = Router.router(vertx);
        router.route().handler(new SecurityHeaders());
        api(router);
        GetHealth health = new GetHealth(status);
        router.get("/health/live").handler(health.live());
        router.get("/health/ready").handler(health.ready());
        router.get("/metrics").handler(new GetMetrics(vertx, new RolloutMeters(rollouts, registry), registry));
        Page.mountOn(router);
        new ProblemResponse(observer).mountOn(router);
        return router;
    }

    private void api(Router router) {
        RepositoryView view = new RepositoryView(rollouts, guard, tally);
        router.route("/api/*").handler(new BearerToken(settings.token()));
        router.get("/api/status").handler(new GetStatus(status, rollouts));
        router.get("/api/repositories").handler(new GetRepositories(rollouts, view));
        router.get("/api/repositories/:name").handler(new GetRepository(rollouts, view));
        router.get("/api/dead-letters").handler(new GetDeadLetters(deadLetters));
        new DecideDeadLetters(deadLetters).mountOn(router);
        router.patch("/api/repositories/:name")
                .handler(BodyHandler.create(false).setBodyLimit(PatchRepository.MAX_BODY))
                .handler(new PatchRepository(rollouts, guard, view));
    }
}
