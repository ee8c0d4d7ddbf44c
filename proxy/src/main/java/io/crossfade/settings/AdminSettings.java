package io.crossfade.settings;

/**
 * The admin front door: page, API, metrics, health.
 *
 * @param port 0 for any free one
 * @param token what an operator must show; made up at start where none was configured
 */
public record AdminSettings(String host, int port, String token) {
    public static final String HOST = "127.0.0.1";
    public static final int PORT = 8081;

    /** Hides the token. */
    @Override
    public String toString() {
        return "AdminSettings[" + host + ":" + port + "]";
    }
}
