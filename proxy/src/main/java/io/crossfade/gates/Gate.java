package io.crossfade.gates;

import java.time.OffsetDateTime;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One condition for going forward, as it is now.
 *
 * @param name the same on the page, in the API and in the reason of whoever overrides it
 * @param reason a sentence, which says what to do unless the gate is green
 * @param at when that was established, where it was at some moment; null where it was looked at just now
 */
public record Gate(
        String name, State state, String reason, @Nullable OffsetDateTime at) {
    static Gate green(String name, String reason) {
        return new Gate(name, State.GREEN, reason, null);
    }

    static Gate red(String name, String reason) {
        return new Gate(name, State.RED, reason, null);
    }

    static Gate unknown(String name, String reason) {
        return new Gate(name, State.UNKNOWN, reason, null);
    }

    /** Whether it lets anybody pass: what is not known does not. */
    public boolean isOpen() {
        return state == State.GREEN;
    }

    /** How a gate is. */
    public enum State {
        /** It holds. */
        GREEN,
        /** It does not hold. */
        RED,
        /** Nobody can say, which is as good as red. */
        UNKNOWN;

        /** The name used in the API. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
