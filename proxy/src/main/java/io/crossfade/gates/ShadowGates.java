package io.crossfade.gates;

import io.crossfade.migration.Side;
import io.crossfade.routing.Shadows;
import io.crossfade.settings.GateSettings;
import io.crossfade.shadow.Shadowing;
import io.crossfade.shadow.replay.Progress;
import io.crossfade.shadow.watch.GroupHealth;
import io.crossfade.shadow.watch.Watchdog;
import java.time.Duration;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The gates that are looks at the shadow, all of them at what this instance knows anyway. Threads: any. */
final class ShadowGates {
    private final Shadowing shadowing;
    private final GateSettings settings;
    private final InstantSource clock;

    ShadowGates(Shadowing shadowing, GateSettings settings, InstantSource clock) {
        this.shadowing = shadowing;
        this.settings = settings;
        this.clock = clock;
    }

    @Nullable
    GroupHealth health(String group) {
        Watchdog dog = shadowing.watchdog();
        return dog == null ? null : dog.health().get(group);
    }

    Gate capture(String group) {
        GroupHealth health = health(group);
        if (health == null) {
            return Gate.unknown(
                    "capture",
                    "The capture of group " + group
                            + " is not installed, or was not seen yet; run './crossfade install'");
        }
        String red = health.red();
        return red == null
                ? Gate.green("capture", "Every write is captured (generation " + health.generation() + ")")
                : Gate.red("capture", red);
    }

    Gate deadLetters(String group) {
        Progress progress = shadowing.progress().get(group);
        if (progress == null || progress.asOf() == null) {
            return Gate.unknown("dead-letters", notReplayed(group));
        }
        int letters = progress.deadLetters();
        return letters == 0
                ? Gate.green("dead-letters", "The other side has taken every row")
                : Gate.red(
                        "dead-letters",
                        "The other side would not take " + letters + (letters == 1 ? " row" : " rows")
                                + "; see './crossfade dead-letters list'");
    }

    Gate lag(String group) {
        Progress progress = shadowing.progress().get(group);
        if (progress == null || progress.asOf() == null) {
            return Gate.unknown("lag", notReplayed(group));
        }
        Duration lag = progress.lag();
        if (progress.catchingUp()) {
            return Gate.red("lag", "The other side is catching up; wait until it has");
        }
        return lag.compareTo(settings.maxLag()) <= 0
                ? Gate.green("lag", "The other side is less than " + words(settings.maxLag()) + " behind")
                : Gate.red(
                        "lag",
                        "The other side is " + words(lag) + " behind, and may be " + words(settings.maxLag())
                                + " (gates.maxLag); wait, or see what keeps the replay"
                                + (progress.problem() == null ? "" : ": " + progress.problem()));
    }

    Gate freshness(String group, Set<String> members) {
        Side authority = shadowing.authority(group);
        for (String member : members) {
            Shadows.Group shadow = authority == null ? null : shadowing.of(member, authority);
            if (shadow == null || !shadow.state().isWithin(System.nanoTime(), settings.maxLag())) {
                return Gate.red(
                        "freshness",
                        "The other side shows no true state of group " + group
                                + " at this moment, so that it would answer no read; wait until it follows");
            }
        }
        return Gate.green("freshness", "The other side follows without a gap");
    }

    Gate bypass(String group) {
        GroupHealth health = health(group);
        if (health == null) {
            return Gate.unknown(
                    "bypass", "It is not known who writes to group " + group + "; run './crossfade install'");
        }
        OffsetDateTime seenAt = health.bypassSeenAt();
        if (seenAt == null || settings.bypassQuiet().isZero()) {
            return Gate.green(
                    "bypass", seenAt == null ? "Every write came through a proxy" : "Other writers are accepted");
        }
        boolean quiet = seenAt.toInstant().plus(settings.bypassQuiet()).isBefore(clock.instant());
        return quiet
                ? new Gate("bypass", Gate.State.GREEN, "Other writers have been quiet since", seenAt)
                : new Gate(
                        "bypass",
                        Gate.State.RED,
                        "Somebody writes without the proxy, and reads may not see it for a moment; lead that writer"
                                + " through the proxy and wait " + words(settings.bypassQuiet())
                                + " (gates.bypassQuiet)",
                        seenAt);
    }

    private static String notReplayed(String group) {
        return "Group " + group + " is not replayed yet; wait, or see what keeps the replay";
    }

    /** As the configuration would say it. */
    static String words(Duration time) {
        if (time.toMillis() < 10_000 && time.toMillis() % 1_000 != 0) {
            return time.toMillis() + " ms";
        }
        long seconds = time.toSeconds();
        return seconds % 3_600 == 0 && seconds > 0
                ? seconds / 3_600 + " h"
                : seconds % 60 == 0 && seconds > 0 ? seconds / 60 + " min" : seconds + " s";
    }
}
