package io.crossfade.gates;

import java.time.OffsetDateTime;
import java.util.Set;

/**
 * Something that was established about a group at some moment.
 *
 * @param repositories what it was established for; a repository that joined the group later is not covered
 * @param generation the capture generation, or the epoch, in which it was established and outside of which it says nothing
 * @param ok whether it holds, or failed to
 * @param detail a sentence about how it was established; holds no values of the application's data
 */
public record Fact(
        String group,
        Kind kind,
        Set<String> repositories,
        long generation,
        boolean ok,
        OffsetDateTime at,
        String detail) {
    public Fact {
        repositories = Set.copyOf(repositories);
    }

    /** What facts there are. */
    public enum Kind {
        /** The schemas of both sides fit. */
        SCHEMA("schema"),
        /** Every row that predates capture is on the shadow. */
        BACKFILL("backfill"),
        /** Both sides hold the same rows. */
        VERIFY("verify"),
        /** A guardrail was broken; its generation is the epoch in which it was. */
        GUARDRAIL("guardrails"),
        /** The rollout goes forward by itself; its generation is the epoch in which it does. */
        RAMP("ramp");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** The name under which it is stored, and that of its gate. */
        public String label() {
            return label;
        }
    }
}
