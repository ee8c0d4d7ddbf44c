package io.crossfade.cli;

import io.crossfade.demo.RunningDemo;
import java.util.ArrayList;
import java.util.List;

/** What a user of the demo needs to know, ready to copy. */
final class DemoBanner {
    private DemoBanner() {}

    static List<String> of(RunningDemo demo) {
        String rest = "http://127.0.0.1:" + demo.crossfade().restPort() + "/rest/v1";
        String admin = "http://127.0.0.1:" + demo.crossfade().adminPort();
        String token = demo.settings().admin().token();
        List<String> lines = new ArrayList<>(List.of(
                "",
                "Crossfade is running, with " + (demo.tally() == null ? "no traffic but yours" : "the bot's traffic")
                        + ".",
                "",
                "  REST API     " + rest,
                "  service key  " + demo.serviceKey(),
                "  admin page   " + admin + "/",
                "  admin token  " + token,
                "  legacy       " + demo.sides().legacy().jdbcUrl(),
                "               psql " + demo.sides().legacy().url(),
                "  target       " + demo.sides().target().jdbcUrl(),
                "               psql " + demo.sides().target().url(),
                "",
                "Read one client through the proxy:",
                "  curl '" + rest + "/clients?select=id,name,phone&limit=1' -H 'apikey: " + demo.serviceKey() + "'",
                ""));
        lines.addAll(demo.differences().isEmpty() ? equal(admin, token) : different(demo.differences()));
        lines.addAll(List.of("", "Ctrl+C stops everything.", ""));
        return lines;
    }

    private static List<String> equal(String admin, String token) {
        return List.of(
                "Let the target answer a quarter of the clients' reads:",
                "  curl -X PATCH " + admin + "/api/repositories/clients -H 'Authorization: Bearer " + token
                        + "' -H 'Content-Type: application/json' -d '{\"stage\":\"rollout\",\"rollout\":25}'",
                "",
                "Both databases started with equal rows. In this version writes reach legacy only, so rows that the",
                "traffic changes grow old on the target; do not take a difference there for a fault of a read.");
    }

    /** What an earlier run, or a user, wrote to one side only. */
    private static List<String> different(List<String> tables) {
        return List.of(
                "The two databases do NOT hold the same rows: in this version writes reach legacy only. Different are",
                "  " + String.join(", ", tables),
                "So every table stays in stage off, and legacy answers everything. For two equal databases start with",
                "an empty --data-dir, or without one.");
    }
}
