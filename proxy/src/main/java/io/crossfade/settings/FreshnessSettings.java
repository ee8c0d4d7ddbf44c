package io.crossfade.settings;

import io.crossfade.migration.Stage;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How fresh the shadow has to be to answer a read, and what a write waits for.
 *
 * @param ack who has a write before it is answered, or null for what is usual in the stage
 * @param ackTimeout the longest that the answer to a write waits for the shadow
 * @param freshFor how long after its moment a known state of the shadow may answer reads
 * @param staleReads whether reads of the shadow may miss writes that were answered
 */
public record FreshnessSettings(@Nullable Ack ack, Duration ackTimeout, Duration freshFor, StaleReads staleReads) {
    /** What a proxy looks at every 20 ms cannot be known to be fresher. */
    public static final Duration SHORTEST_FRESH_FOR = Duration.ofMillis(50);

    public static final FreshnessSettings DEFAULTS =
            new FreshnessSettings(null, Duration.ofMillis(500), Duration.ofMillis(100), StaleReads.REFUSED);

    /** Whether the answer to a write waits, in this stage, until the shadow has the write. */
    public boolean waitsIn(Stage stage) {
        return switch (stage) {
            case OFF, COMPLETE -> false;
            case DUAL_WRITE, SHADOW -> ack == Ack.BOTH;
            case ROLLOUT, LIVE -> ack != Ack.AUTHORITY;
        };
    }

    /** Whether a read of the shadow sees every write that was answered before it. */
    public boolean readsAreFresh() {
        return staleReads == StaleReads.REFUSED;
    }

    /** Why these settings do not fit the stage, with the remedy; empty where they do. */
    public Optional<String> refusal(Stage stage) {
        boolean shadowAnswers = stage == Stage.ROLLOUT || stage == Stage.LIVE;
        return shadowAnswers && ack == Ack.AUTHORITY && readsAreFresh()
                ? Optional.of(
                        "stage '" + stage.label() + "' with ack 'authority' answers reads from a side that may not have"
                                + " the last writes yet, so that updates get lost; use ack 'both', or set staleReads to 'accepted'")
                : Optional.empty();
    }

    /** Who has a write before it is answered. */
    public enum Ack {
        /** The side that takes the writes. */
        AUTHORITY,
        /** The shadow, too. */
        BOTH;

        /** The name used in configuration. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The one with this label, if there is one. */
        public static Optional<Ack> byLabel(String label) {
            return Arrays.stream(values())
                    .filter(ack -> ack.label().equals(label))
                    .findFirst();
        }
    }

    /** Whether reads may miss writes that were answered. */
    public enum StaleReads {
        REFUSED,
        ACCEPTED;

        /** The name used in configuration. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The one with this label, if there is one. */
        public static Optional<StaleReads> byLabel(String label) {
            return Arrays.stream(values())
                    .filter(accepted -> accepted.label().equals(label))
                    .findFirst();
        }
    }
}
