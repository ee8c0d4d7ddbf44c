package io.crossfade.admin;

import io.crossfade.audit.AuditLog;
import io.crossfade.gates.Gates;
import io.crossfade.guard.RolloutGuard;
import io.crossfade.migration.Side;
import io.crossfade.mismatch.MismatchDesk;
import io.crossfade.observation.CallTally;
import io.crossfade.observation.Observer;
import io.crossfade.rollout.Rollouts;
import io.crossfade.settings.AdminSettings;
import io.crossfade.settings.Settings;
import io.crossfade.shadow.DeadLetterDesk;
import io.crossfade.state.RememberedStates;
import io.crossfade.work.Works;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Route;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An admin front door without databases behind it, where {@code clients} is the only repository. */
final class AdminFixture {
    private final Vertx vertx;
    private final Observer observer;
    private final RememberedStates states = new RememberedStates();
    private final Works works = new Works();
    private @Nullable AdminFrontDoor door;

    AdminFixture(Vertx vertx, Observer observer) {
        this.vertx = vertx;
        this.observer = observer;
    }

    /** Opens it; the port that it listens on. */
    int open(AdminSettings admin, Settings settings) throws Exception {
        Rollouts rollouts = new Rollouts(settings, () -> Set.of("clients"), true, states, Gates.NONE, observer);
        AdminFrontDoor door = new AdminFrontDoor(
                admin,
                new AdminParts(
                        rollouts,
                        RolloutGuard.NONE,
                        states,
                        new HealthySides(),
                        DeadLetterDesk.empty(),
                        MismatchDesk.empty(),
                        AuditLog.none(),
                        works,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Counted.NOTHING,
                        new CallTally(),
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                        observer));
        this.door = door;
        vertx.deployVerticle(door).await(10, TimeUnit.SECONDS);
        return door.port();
    }

    List<Route> routes() {
        return opened().routes();
    }

    int listeners() {
        return opened().listeners();
    }

    Works works() {
        return works;
    }

    RememberedStates states() {
        return states;
    }

    private static final class HealthySides implements StatusSource {
        @Override
        public String version() {
            return "1.2.3";
        }

        @Override
        public Duration uptime() {
            return Duration.ofSeconds(75);
        }

        @Override
        public List<SideStatus> sides() {
            return List.of(
                    new SideStatus(Side.LEGACY, "127.0.0.1:5432/app", true, null, 20),
                    new SideStatus(Side.TARGET, "127.0.0.1:5433/app", true, null, 20));
        }

        @Override
        public List<ShadowStatus> shadow() {
            return List.of();
        }
    }

    private AdminFrontDoor opened() {
        return Objects.requireNonNull(door, "not opened");
    }
}
