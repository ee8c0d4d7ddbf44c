package io.crossfade.rollout;

/**
 * Who wants a change, and why.
 *
 * @param operator the operator's name, or {@code crossfade} where a rule of its own wants it
 * @param reason in the operator's words; may be empty
 * @param overrides whether gates that are red do not keep it back; only with a reason
 */
public record By(String operator, String reason, boolean overrides) {
    public By {
        if (overrides && reason.isBlank()) {
            throw new IllegalArgumentException("a gate can be overridden with a reason only");
        }
    }

    /** Crossfade itself, by one of its own rules. */
    public static By itself(String reason) {
        return new By("crossfade", reason, false);
    }

    /** Somebody who gives no reason. */
    public static By operator(String name) {
        return new By(name, "", false);
    }
}
