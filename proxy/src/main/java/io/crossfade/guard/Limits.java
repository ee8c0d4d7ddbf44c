package io.crossfade.guard;

import io.crossfade.guard.Mismatches.Compared;
import io.crossfade.guard.Reading.State;
import io.crossfade.guard.Window.Seen;
import io.crossfade.migration.Side;
import io.crossfade.settings.GuardrailSettings;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Holds what was seen against the limits. Pure: the same numbers always give the same reading. */
final class Limits {
    private static final double PERCENTILE = 0.99;

    private final GuardrailSettings settings;

    Limits(GuardrailSettings settings) {
        this.settings = settings;
    }

    /** Whether the target has answered enough for the window to be judged. */
    boolean isFull(Window window) {
        return window.of(Side.TARGET).calls() >= settings.minSamples();
    }

    /** The target's own faults beyond those of legacy, which has the callers' faults as well. */
    Reading errors(Window window) {
        Double limit = settings.errorRate();
        if (limit == null) {
            return off(Rail.ERRORS);
        }
        Seen target = window.of(Side.TARGET);
        Seen legacy = window.of(Side.LEGACY);
        if (target.calls() < settings.minSamples()) {
            return tooFew(Rail.ERRORS, "the target", target.calls());
        }
        double usual = legacy.calls() >= settings.minSamples() ? legacy.errorRate() : 0;
        double beyond = target.errorRate() - usual;
        return reading(
                Rail.ERRORS,
                beyond > limit,
                text(
                        "%.1f %% of the target's calls failed, and %.1f %% of legacy's; %.1f %% more is the limit",
                        target.errorRate(), usual, limit));
    }

    Reading latency(Window window) {
        Double limit = settings.latencyFactor();
        if (limit == null) {
            return off(Rail.LATENCY);
        }
        Times target = window.of(Side.TARGET).reads();
        Times legacy = window.of(Side.LEGACY).reads();
        if (target.count() < settings.minSamples()) {
            return tooFew(Rail.LATENCY, "the target", target.count());
        }
        long theirs = target.percentile(PERCENTILE);
        boolean fast = theirs <= settings.latencyFloor().toNanos();
        if (!fast && legacy.count() < settings.minSamples()) {
            return tooFew(Rail.LATENCY, "legacy", legacy.count());
        }
        long usual = legacy.percentile(PERCENTILE);
        return reading(
                Rail.LATENCY,
                !fast && theirs > limit * usual,
                text(
                        "1 %% of the reads took longer than %d ms on the target, and than %d ms on legacy; %.1f times is the limit",
                        millis(theirs), millis(usual), limit));
    }

    /** @param lag null where it is not known */
    Reading lag(@Nullable Duration lag) {
        Duration limit = settings.maxLag();
        if (limit == null) {
            return off(Rail.LAG);
        }
        return lag == null
                ? new Reading(Rail.LAG, State.NO_DATA, "nobody knows how far the other side is behind")
                : reading(
                        Rail.LAG,
                        lag.compareTo(limit) > 0,
                        text(
                                "the other side is %.1f s behind; %.1f s is the limit",
                                lag.toMillis() / 1_000.0, limit.toMillis() / 1_000.0));
    }

    Reading mismatches(Optional<Compared> compared) {
        Double limit = settings.mismatchRate();
        if (limit == null) {
            return off(Rail.MISMATCHES);
        }
        if (compared.isEmpty()) {
            return new Reading(Rail.MISMATCHES, State.NO_DATA, "no reads are compared");
        }
        Compared known = compared.get();
        if (known.reads() < settings.minSamples()) {
            return new Reading(
                    Rail.MISMATCHES,
                    State.NO_DATA,
                    text("%d of %d reads were compared so far", known.reads(), settings.minSamples()));
        }
        double rate = 100.0 * known.confirmed() / known.reads();
        return reading(
                Rail.MISMATCHES,
                rate > limit,
                text("%.2f %% of the compared reads differ; %.2f %% is the limit", rate, limit));
    }

    private Reading tooFew(Rail rail, String side, long seen) {
        return new Reading(
                rail, State.NO_DATA, text("%s has answered %d of %d calls so far", side, seen, settings.minSamples()));
    }

    private static Reading off(Rail rail) {
        return new Reading(rail, State.OFF, "there is no limit");
    }

    private static Reading reading(Rail rail, boolean bad, String words) {
        return new Reading(rail, bad ? State.BAD : State.GOOD, words);
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private static String text(String words, Object... numbers) {
        return String.format(Locale.ROOT, words, numbers);
    }
}
