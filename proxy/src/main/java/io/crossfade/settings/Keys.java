package io.crossfade.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Every key that the configuration knows, and the environment variables that stand for some of them. */
final class Keys {
    static final List<String> ROOT = List.of(
            "legacy",
            "target",
            "rest",
            "admin",
            "repositories",
            "pins",
            "replay",
            "comparison",
            "cutover",
            "gates",
            "guardrails",
            "ramp",
            "telemetry");
    static final List<String> REPLAY = List.of("journal");
    static final List<String> JOURNAL = List.of("alarmSize", "hardSize", "whenFull");
    static final List<String> COMPARISON = List.of(
            "sample",
            "maxInFlight",
            "timeout",
            "poolSize",
            "noiseShare",
            "maxBytes",
            "fail",
            "revealValues",
            "keepFor",
            "keepAtMost");
    static final List<String> CUTOVER = List.of("timeout", "smokeTests", "forceMargin");
    static final List<String> GATES = List.of("maxLag", "bypassQuiet", "soak");
    static final List<String> GUARDRAILS = List.of(
            "window",
            "minSamples",
            "badWindows",
            "errorRate",
            "latencyFactor",
            "latencyFloor",
            "maxLag",
            "mismatchRate",
            "coolDown");
    static final List<String> RAMP = List.of("steps", "soak");
    static final List<String> TELEMETRY = List.of("sentryDsn", "environment", "serverName");
    static final List<String> SIDE = List.of("url", "poolSize", "statementTimeout");
    static final List<String> REST =
            List.of("host", "port", "schemas", "extraSearchPath", "maxRows", "serviceKeys", "maxBodySize");
    static final List<String> ADMIN = List.of("host", "port", "token", "operators");
    /** A token is known here so that it can be refused with a word on how to make its hash. */
    static final List<String> OPERATOR = List.of("name", "role", "tokenHash", "token");

    static final List<String> REPOSITORY = List.of(
            "group",
            "functions",
            "stickyBy",
            "stage",
            "rollout",
            "compare",
            "ack",
            "ackTimeout",
            "freshFor",
            "staleReads",
            "revealValues");
    static final List<String> COMPARE = List.of("sample", "ignore", "numericTolerance", "timestampPrecision");
    static final List<String> ROLLOUT = List.of("default", "findOne", "findMany", "count");
    static final List<String> PIN = List.of("key", "side");

    /** The variable by the key that it replaces. */
    static final Map<String, String> ENVIRONMENT = Map.of(
            "legacy.url", "CROSSFADE_LEGACY_URL",
            "target.url", "CROSSFADE_TARGET_URL",
            "rest.port", "CROSSFADE_REST_PORT",
            "rest.serviceKeys", "CROSSFADE_SERVICE_KEY",
            "admin.port", "CROSSFADE_ADMIN_PORT",
            "admin.token", "CROSSFADE_ADMIN_TOKEN",
            "telemetry.sentryDsn", "SENTRY_DSN",
            "telemetry.environment", "SENTRY_ENVIRONMENT");

    private Keys() {}

    /** Every full key; {@code *} stands for the name of a repository or the place in a list. */
    static List<String> all() {
        List<String> all = new ArrayList<>();
        SIDE.forEach(key -> all.add("legacy." + key));
        SIDE.forEach(key -> all.add("target." + key));
        REST.forEach(key -> all.add("rest." + key));
        ADMIN.forEach(key -> all.add("admin." + key));
        OPERATOR.stream().filter(key -> !key.equals("token")).forEach(key -> all.add("admin.operators.*." + key));
        REPOSITORY.forEach(key -> all.add("repositories.*." + key));
        ROLLOUT.forEach(key -> all.add("repositories.*.rollout." + key));
        COMPARE.forEach(key -> all.add("repositories.*.compare." + key));
        PIN.forEach(key -> all.add("pins.*." + key));
        JOURNAL.forEach(key -> all.add("replay.journal." + key));
        CUTOVER.forEach(key -> all.add("cutover." + key));
        GATES.forEach(key -> all.add("gates." + key));
        GUARDRAILS.forEach(key -> all.add("guardrails." + key));
        RAMP.forEach(key -> all.add("ramp." + key));
        COMPARISON.forEach(key -> all.add("comparison." + key));
        TELEMETRY.forEach(key -> all.add("telemetry." + key));
        return all;
    }
}
