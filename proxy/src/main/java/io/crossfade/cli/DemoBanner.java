package io.crossfade.cli;

import io.crossfade.demo.RunningDemo;
import java.util.List;

/** What a user of the demo needs to know, ready to copy. */
final class DemoBanner {
    private DemoBanner() {}

    static List<String> of(RunningDemo demo) {
        String rest = "http://127.0.0.1:" + demo.crossfade().restPort() + "/rest/v1";
        String admin = "http://127.0.0.1:" + demo.crossfade().adminPort();
        String token = demo.settings().admin().token();
        return List.of(
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
                "",
                "Let the target answer a quarter of the clients' reads:",
                "  curl -X PATCH " + admin + "/api/repositories/clients -H 'Authorization: Bearer " + token
                        + "' -H 'Content-Type: application/json' -d '{\"stage\":\"rollout\",\"rollout\":25}'",
                "",
                "Both databases started with equal rows. In this version writes reach legacy only, so rows that the",
                "traffic changes grow old on the target; do not take a difference there for a fault of a read.",
                "",
                "Ctrl+C stops everything.",
                "");
    }
}
