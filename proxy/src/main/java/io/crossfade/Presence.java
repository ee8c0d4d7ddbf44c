package io.crossfade;

import io.crossfade.instance.Instance;
import io.crossfade.instance.Instance.Report;
import io.crossfade.instance.Instances;
import io.crossfade.rollout.Rollouts;
import io.crossfade.settings.Settings;
import io.crossfade.shadow.Shadowing;
import io.crossfade.shadow.replay.Progress;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What this proxy lets the others know of it, and knows of them; nothing while there is only one database. */
final class Presence {
    private final Vertx vertx;
    private final Settings settings;
    private final Sides sides;
    private final Rollouts rollouts;
    private final Shadowing shadowing;
    private volatile @Nullable Instances instances;

    Presence(Vertx vertx, Settings settings, Sides sides, Rollouts rollouts, Shadowing shadowing) {
        this.vertx = vertx;
        this.settings = settings;
        this.sides = sides;
        this.rollouts = rollouts;
        this.shadowing = shadowing;
    }

    /** To be called once, when calls are taken. */
    void begin(int restPort) {
        if (settings.target() != null) {
            instances = Instances.open(
                    vertx, sides, address(settings.rest().host(), restPort), Status.versionOfThis(), this::report);
        }
    }

    List<Instance> all() {
        Instances told = instances;
        return told == null ? List.of() : told.all();
    }

    Future<Void> close() {
        Instances told = instances;
        return told == null ? Future.succeededFuture() : told.close();
    }

    private Report report() {
        Map<String, OffsetDateTime> asOf = new HashMap<>();
        Duration longest = Duration.ZERO;
        for (Map.Entry<String, Progress> group : shadowing.progress().entrySet()) {
            @Nullable OffsetDateTime moment = group.getValue().asOf();
            if (moment != null) {
                asOf.put(group.getKey(), moment);
            }
            Duration lag = group.getValue().lag();
            longest = lag.compareTo(longest) > 0 ? lag : longest;
        }
        return new Report(rollouts.current().epoch(), asOf, longest.toMillis() / 1_000.0);
    }

    /** An address that means every interface says nothing to others: the name of the machine does, where it is known. */
    private static String address(String host, int port) {
        @Nullable String name = System.getenv("HOSTNAME");
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        String shown = everywhere && name != null && !name.isBlank() ? name : host;
        return (shown.contains(":") ? "[" + shown + "]" : shown) + ":" + port;
    }
}
