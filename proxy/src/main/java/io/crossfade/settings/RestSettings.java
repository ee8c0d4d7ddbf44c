package io.crossfade.settings;

import java.util.List;

/**
 * The REST front door.
 *
 * @param port 0 for any free one
 * @param schemas the exposed schemas; the first is the default
 * @param extraSearchPath schemas that functions and defaults may use without naming them
 * @param maxRows the most rows of one answer; 0 for no cap
 * @param serviceKeys accepted keys; empty accepts any caller, which is only allowed on a loopback address
 * @param maxBodySize the largest request body, in bytes
 */
public record RestSettings(
        String host,
        int port,
        List<String> schemas,
        List<String> extraSearchPath,
        long maxRows,
        List<String> serviceKeys,
        int maxBodySize) {
    public static final int PORT = 8080;
    public static final long MAX_ROWS = 1_000;
    public static final int MAX_BODY_SIZE = 10 * 1024 * 1024;
    public static final RestSettings DEFAULTS = new RestSettings(
            "127.0.0.1", PORT, List.of("public"), List.of("extensions"), MAX_ROWS, List.of(), MAX_BODY_SIZE);

    public RestSettings {
        schemas = List.copyOf(schemas);
        extraSearchPath = List.copyOf(extraSearchPath);
        serviceKeys = List.copyOf(serviceKeys);
    }

    /** The schema of calls that name none. */
    public String defaultSchema() {
        return schemas.get(0);
    }

    /** Hides the keys. */
    @Override
    public String toString() {
        return "RestSettings[" + host + ":" + port + ", schemas=" + schemas + "]";
    }
}
