package io.crossfade.mismatch;

import io.vertx.core.json.JsonArray;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A group of mismatches as operators see it.
 *
 * @param id the same in every proxy and on both sides
 * @param columns those that differ; empty where whole rows or answers do
 * @param transients in how many calls it was seen and was gone when read again
 * @param confirmed in how many it was still there
 * @param shape the last call in which it was seen, without its values
 * @param resolution when, by whom and why it was called resolved; null where it never was
 * @param samples the youngest, masked
 */
public record FoundMismatch(
        String id,
        String repository,
        String kind,
        List<String> columns,
        long transients,
        long confirmed,
        OffsetDateTime firstSeenAt,
        OffsetDateTime lastSeenAt,
        @Nullable OffsetDateTime lastConfirmedAt,
        @Nullable Resolution resolution,
        String shape,
        JsonArray samples) {
    /** Who resolves what is equal again. */
    static final String CROSSFADE = "crossfade";

    public FoundMismatch {
        columns = List.copyOf(columns);
    }

    /** As it is now. */
    public State state() {
        if (resolution != null && (lastConfirmedAt == null || !resolution.at().isBefore(lastConfirmedAt))) {
            return State.RESOLVED;
        }
        return lastConfirmedAt == null ? State.TRANSIENT : State.CONFIRMED;
    }

    /** Whether it is called resolved only because both sides gave the same later; nobody has said what it was. */
    public boolean agreesAgain() {
        return state() == State.RESOLVED
                && resolution != null
                && resolution.by().equals(CROSSFADE);
    }

    /** The same group as both sides know it: each has all of it but what it did not get, so that the greater is the truer. */
    FoundMismatch and(FoundMismatch other) {
        return new FoundMismatch(
                id,
                repository,
                kind,
                columns,
                Math.max(transients, other.transients),
                Math.max(confirmed, other.confirmed),
                firstSeenAt.isBefore(other.firstSeenAt) ? firstSeenAt : other.firstSeenAt,
                lastSeenAt.isAfter(other.lastSeenAt) ? lastSeenAt : other.lastSeenAt,
                later(lastConfirmedAt, other.lastConfirmedAt),
                Resolution.later(resolution, other.resolution),
                shape,
                // Those of one side alone: each masks with a secret of its own.
                samples.isEmpty() ? other.samples : samples);
    }

    static @Nullable OffsetDateTime later(@Nullable OffsetDateTime one, @Nullable OffsetDateTime other) {
        return one == null || (other != null && other.isAfter(one)) ? other : one;
    }

    /** How sure it is. */
    public enum State {
        /** Gone whenever it was read again: what differed was being written. */
        TRANSIENT,
        /** Still there when read again. */
        CONFIRMED,
        /** Somebody has said that it is no more, or both sides were read again and gave the same; and it was not confirmed since. */
        RESOLVED;

        /** The name used in the API. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** That it was called resolved. */
    public record Resolution(OffsetDateTime at, String by, String reason) {
        static @Nullable Resolution later(@Nullable Resolution one, @Nullable Resolution other) {
            return one == null || (other != null && other.at.isAfter(one.at)) ? other : one;
        }
    }
}
