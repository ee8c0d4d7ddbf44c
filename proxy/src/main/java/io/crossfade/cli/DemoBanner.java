package io.crossfade.cli;

import io.crossfade.demo.RunningDemo;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What a user of the demo needs to know, ready to copy. */
final class DemoBanner {
    private DemoBanner() {}

    static List<String> of(RunningDemo demo) {
        String rest = "http://127.0.0.1:" + demo.crossfade().restPort() + "/rest/v1";
        String admin = "http://127.0.0.1:" + demo.crossfade().adminPort();
        String token = Objects.requireNonNull(demo.settings().admin().token(), "a demo makes up its token");
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
                "Then give the target the clients' writes, under the traffic, and take them back:",
                "  export CROSSFADE_ADMIN_TOKEN=" + token,
                "  ./crossfade cutover clients --url " + admin,
                "  ./crossfade rollback --url " + admin,
                "",
                "Every write reaches both databases: capture and replay bring it to the target, and nobody else can write",
                "there. When the demo ends, it compares every row of both.");
    }

    /** What an earlier run left in the journal, or a user wrote to one side only. */
    private static List<String> different(List<String> tables) {
        return List.of(
                "When the demo started, the two databases did NOT hold the same rows. Different were",
                "  " + String.join(", ", tables),
                "What is still in the journal is brought to the target now; what it never held stays different. Rollouts",
                "are closed for this run. For two equal databases start with an empty --data-dir, or without one.");
    }
}
