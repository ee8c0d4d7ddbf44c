package io.crossfade.settings;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Somebody who may use the admin front door.
 *
 * @param name under which changes are kept
 * @param tokenHash what {@link AdminToken#hash} makes of the token; the token itself is kept nowhere
 */
public record OperatorSettings(String name, Role role, String tokenHash) {
    /** The operator whose token is {@code admin.token}. */
    public static final String ADMIN = "admin";

    /** What an operator may do. */
    public enum Role {
        /** May look, and change nothing. */
        VIEWER,
        /** May do everything. */
        OPERATOR;

        /** The name used in the configuration and in the admin API. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The role of that name. */
        public static Optional<Role> byLabel(String label) {
            return Arrays.stream(values())
                    .filter(role -> role.label().equals(label))
                    .findFirst();
        }
    }

    /** Hides the hash: whoever has it can try tokens as fast as they like. */
    @Override
    public String toString() {
        return "OperatorSettings[" + name + ", " + role.label() + "]";
    }
}
