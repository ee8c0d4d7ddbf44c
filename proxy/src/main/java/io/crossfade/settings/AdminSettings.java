package io.crossfade.settings;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The admin front door: page, API, metrics, health.
 *
 * @param port 0 for any free one
 * @param token what the operator {@code admin} must show; made up at start where nobody was configured, null where others
 *     were
 * @param operators the others
 */
public record AdminSettings(String host, int port, @Nullable String token, List<OperatorSettings> operators) {
    public static final String HOST = "127.0.0.1";
    public static final int PORT = 8081;

    public AdminSettings {
        operators = List.copyOf(operators);
        if (operators.isEmpty() && (token == null || token.isBlank())) {
            throw new IllegalArgumentException("somebody must be able to use the admin front door");
        }
    }

    /** For one operator, who may do everything. */
    public AdminSettings(String host, int port, String token) {
        this(host, port, token, List.of());
    }

    /** Everybody who may use it. */
    public List<OperatorSettings> everybody() {
        List<OperatorSettings> everybody = new ArrayList<>(operators);
        if (token != null) {
            everybody.add(
                    0,
                    new OperatorSettings(
                            OperatorSettings.ADMIN, OperatorSettings.Role.OPERATOR, AdminToken.hash(token)));
        }
        return everybody;
    }

    /** Hides the token. */
    @Override
    public String toString() {
        return "AdminSettings[" + host + ":" + port + ", " + operators + "]";
    }
}
