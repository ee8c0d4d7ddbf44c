package io.crossfade.guard;

import java.util.Locale;

/**
 * What one guardrail said at the end of a window.
 *
 * @param words the numbers behind it, as a sentence
 */
public record Reading(Rail rail, State state, String words) {
    /** The same, of a window that has not ended. */
    Reading asOfYet() {
        return state == State.OFF ? this : new Reading(rail, State.NO_DATA, words);
    }

    /** What a guardrail can say. */
    public enum State {
        /** Within the limit. */
        GOOD,
        /** Beyond the limit. */
        BAD,
        /** Too little was seen to say anything, which is never taken for health. */
        NO_DATA,
        /** There is no limit. */
        OFF;

        /** The name used in the API. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
