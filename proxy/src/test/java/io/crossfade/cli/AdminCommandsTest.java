package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.crossfade.testing.CrossfadeExtension;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that ask a running proxy. */
class AdminCommandsTest {
    @RegisterExtension
    static final CrossfadeExtension crossfade = CrossfadeExtension.withSql(
                    "CREATE TABLE clients (phone text PRIMARY KEY, name text); CREATE TABLE visits (id int PRIMARY KEY)")
            .withBothSidesEqual();

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void aRepositoryIsMovedAndTheStatusShowsIt() {
        forward("clients", "dual-write");
        forward("clients", "shadow");
        assertThat(out.toString()).contains("clients: ", " -> shadow (epoch ");
        forward("clients", "rollout");
        assertThat(execute("rollout", "clients", "12.5")).as(err.toString()).isZero();
        crossfade.proxy().caughtUp().await();
        assertThat(execute("status")).as(out.toString()).isZero();
        assertThat(out.toString())
                .containsPattern("clients +clients +rollout +12.5 % +no reads")
                .contains("legacy  up")
                .contains("Healthy.")
                .doesNotContain("\033");
        assertThat(execute("stage", "clients", "off")).isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void whoIsSlowerIsTold() {
        long epoch = epoch();
        forward("visits", "dual-write", "--epoch", "" + epoch);
        assertThat(execute("stage", "visits", "off", "--epoch", "" + epoch)).isEqualTo(1);
        assertThat(err.toString()).contains("Somebody else was faster, and nothing was changed.");
        assertThat(execute("stage", "visits", "off")).isZero();
    }

    @Test
    void aRefusalIsToldInTheWordsOfTheProxy() {
        assertThat(execute("stage", "visits", "live")).isEqualTo(1);
        assertThat(err.toString()).contains("next to 'dual-write'", "./crossfade cutover");
        assertThat(execute("stage", "nothing", "off")).isEqualTo(1);
        assertThat(err.toString()).contains("repository 'nothing'");
    }

    @Test
    void deadLettersAreListedRetriedAndDiscardedAndAreRed() {
        crossfade
                .target()
                .execute("INSERT INTO crossfade.dead_letter (repository, key, sqlstate, problem, next_try_at)"
                        + " SELECT 'clients', ARRAY['+7999000' || n]::text, '23514', 'a check refuses it', now() + interval '1 day'"
                        + " FROM generate_series(1, 2) n");
        forward("clients", "dual-write");
        crossfade.proxy().caughtUp().await();
        assertThat(execute("status")).isEqualTo(1);
        assertThat(out.toString()).contains("Red: group clients: 2 dead letters");
        assertThat(execute("dead-letters", "list")).as(err.toString()).isZero();
        assertThat(out.toString())
                .contains("target-", "a check refuses it", "(9)")
                .doesNotContain("+7999");
        String listed = json("dead-letters", "list", "--json");
        String id = new JsonObject(listed)
                .getJsonArray("deadLetters")
                .getJsonObject(0)
                .getString("id");
        assertThat(execute("dead-letters", "discard", id)).isZero();
        assertThat(out.toString()).contains("until its key is written again");
        assertThat(execute("dead-letters", "retry", id)).isEqualTo(1);
        assertThat(err.toString()).contains("There is no dead letter of that id");
        assertThat(execute("dead-letters", "retry", "--all")).isZero();
        assertThat(crossfade
                        .legacy()
                        .rows("SELECT operator, kind, becomes FROM crossfade.audit WHERE chain = 'acts' ORDER BY id"))
                .as("written down, and never a key")
                .containsSubsequence(
                        "admin|dead-letter-discarded|{\"letter\": \"" + id + "\"}",
                        "admin|dead-letter-retried|{\"letter\": \"" + id + "\"}",
                        "admin|dead-letters-retried|{\"repository\": null}")
                .noneMatch(entry -> entry.contains("7999"));
        assertThat(execute("dead-letters", "retry")).isEqualTo(2);
        assertThat(execute("dead-letters")).isEqualTo(2);
        assertThat(execute("stage", "clients", "off")).isZero();
        crossfade.target().execute("DELETE FROM crossfade.dead_letter");
    }

    @Test
    void mismatchesAreListedShownAndResolvedWithAReason() {
        assertThat(execute("mismatches")).as(err.toString()).isZero();
        assertThat(out.toString()).contains("There are no such mismatches. No read was compared within a day.");
        crossfade
                .legacy()
                .execute(
                        "INSERT INTO crossfade.mismatch VALUES ('0123456789abcdef', 'clients', 'value', '{name}', 2, 7,"
                                + " now(), now(), now(), NULL, NULL, NULL, 'findOne clients phone=eq', '[{\"at\":"
                                + "\"2026-01-01T00:00:00Z\",\"shape\":\"findOne clients phone=eq\",\"key\":[{\"column\":\"phone\","
                                + "\"type\":\"text\",\"length\":12,\"hash\":\"ab12cd34\",\"value\":null}],\"authority\":[{\"column\":"
                                + "\"name\",\"type\":\"null\",\"length\":null,\"hash\":null,\"value\":null}],\"shadow\":null}]')");
        assertThat(execute("mismatches", "--repository", "clients", "--kind", "value", "--state", "confirmed"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).containsPattern("0123456789abcdef +clients +value +name +confirmed +7 +2 ");
        assertThat(execute("mismatches", "show", "0123456789abcdef")).isZero();
        assertThat(out.toString())
                .contains("findOne clients phone=eq")
                .containsPattern("key +phone text ab12cd34\\(12\\)")
                .containsPattern("authority +name null")
                .containsPattern("shadow +nothing");
        assertThat(execute("mismatches", "resolve", "0123456789abcdef")).isEqualTo(2);
        assertThat(execute("mismatches", "resolve", "0123456789abcdef", "--reason", "on purpose"))
                .as(err.toString())
                .isZero();
        assertThat(new JsonObject(json("mismatches", "--json"))
                        .getJsonArray("mismatches")
                        .getJsonObject(0)
                        .getString("state"))
                .isEqualTo("resolved");
        assertThat(execute("mismatches", "show", "nothing")).isEqualTo(1);
        assertThat(err.toString()).contains("There is no mismatch of that id");
        assertThat(execute("mismatches", "--kind", "strange")).isEqualTo(1);
        assertThat(err.toString()).contains("'kind' is one of missing, extra");
    }

    @Test
    void theStatusIsAChecklistOfTheGatesBeforeTheNextStage() {
        forward("visits", "dual-write");
        crossfade.proxy().caughtUp().await();
        assertThat(execute("status", "--gates")).as(out.toString()).isZero();
        assertThat(out.toString()).containsPattern("visits +shadow +sides +green +Both databases answer");
        forward("visits", "shadow");
        crossfade.proxy().caughtUp().await();
        Instant deadline = Instant.now().plusSeconds(60);
        while (execute("status", "--gates") != 0
                || !Pattern.compile("visits +rollout +lag +green")
                        .matcher(out.toString())
                        .find()) {
            assertThat(Instant.now()).as(out.toString()).isBefore(deadline);
            LockSupport.parkNanos(20_000_000);
        }
        assertThat(execute("rollout", "visits", "--auto", "--override", "--reason", "a test of the words"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("visits: shadow -> rollout 1 %");
        JsonObject visits = new JsonObject(json("status", "--json"))
                .getJsonArray("repositories")
                .getJsonObject(1);
        assertThat(visits.getJsonObject("ramp").getDouble("next")).isEqualTo(5);
        out.getBuffer().setLength(0);
        assertThat(execute("status")).isZero();
        assertThat(out.toString()).containsPattern("visits +live +soak +red +No read of visits was compared");
        assertThat(execute("stage", "visits", "off")).isZero();
    }

    @Test
    void anOverrideNeedsAReasonAndARolloutEitherAShareOrToGoByItself() {
        assertThat(execute("stage", "visits", "shadow", "--override")).isEqualTo(2);
        assertThat(err.toString()).contains("--override needs a --reason");
        assertThat(execute("rollout", "visits", "5", "--auto")).isEqualTo(2);
        assertThat(execute("rollout", "visits")).isEqualTo(2);
        assertThat(err.toString()).contains("Give either a PERCENT or --auto");
    }

    @Test
    void jsonIsForScripts() {
        JsonObject status = new JsonObject(json("status", "--json"));
        assertThat(status.getBoolean("healthy")).isTrue();
        assertThat(status.getJsonObject("status").getJsonArray("sides")).hasSize(2);
        assertThat(status.getJsonArray("repositories")).hasSize(2);
    }

    @Test
    void theHistoryTellsWhoDidWhatAndIsVerified() {
        forward("visits", "dual-write");
        assertThat(execute("stage", "visits", "off")).isZero();
        out.getBuffer().setLength(0);
        assertThat(execute("audit", "--limit", "2")).as(err.toString()).isZero();
        assertThat(out.toString())
                .containsPattern("admin +state +visits +\\d+ +dual-write -> off")
                .contains("older ones: --before 20");
        assertThat(execute("audit", "--verify")).as(out.toString()).isZero();
        assertThat(out.toString()).contains("The history is sound.");
        crossfade
                .target()
                .execute(
                        "UPDATE crossfade.audit SET operator = 'nobody' WHERE id = (SELECT max(id) FROM crossfade.audit"
                                + " WHERE group_name = 'visits')");
        assertThat(execute("audit", "--verify")).isEqualTo(1);
        assertThat(out.toString())
                .containsPattern("target, state:visits, entry \\d+, epoch \\d+: the entry was changed")
                .contains("The history is not sound.");
        assertThat(execute("audit", "--before", "yesterday")).isEqualTo(1);
        assertThat(execute("audit", "--limit", "1001")).isEqualTo(2);
    }

    @Test
    void aWrongTokenIsExplained() {
        assertThat(run(Map.of("CROSSFADE_ADMIN_TOKEN", "wrong"), "status", "--url", url()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("does not accept this admin token", "CROSSFADE_ADMIN_TOKEN");
        assertThat(run(Map.of(), "status", "--url", url())).isEqualTo(2);
        assertThat(err.toString()).contains("Set CROSSFADE_ADMIN_TOKEN");
    }

    @Test
    void aProxyThatIsNotThereIsExplained() throws IOException {
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThat(run(token(), "status", "--url", "http://127.0.0.1:" + free)).isEqualTo(1);
        assertThat(err.toString()).contains("No proxy answers at http://127.0.0.1:" + free, "crossfade run");
    }

    @Test
    void anOlderProxyIsExplained() throws IOException {
        assertThat(against(
                        "{\"version\":\"0.0.1\",\"epoch\":1}",
                        "{\"type\":\"urn:crossfade:problem:not-found\",\"status\":404,\"detail\":\"There is no x\"}"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("It is Crossfade 0.0.1", "use the same version");
    }

    @Test
    void whatIsNoProxyIsExplained() throws IOException {
        assertThat(against("<html>", "<html>")).isEqualTo(1);
        assertThat(err.toString()).contains("is not the admin front door of a proxy");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:8081", "ftp://127.0.0.1", "http://", "nonsense %"})
    void anAddressThatIsNoneIsWrongUsage(String address) {
        assertThat(run(token(), "status", "--url", address)).isEqualTo(2);
        assertThat(err.toString()).contains("is no address");
    }

    @ParameterizedTest
    @ValueSource(strings = {"101", "-1", "12.345", "half", "1e1"})
    void aShareThatIsNoneIsWrongUsage(String share) {
        assertThat(execute("rollout", "clients", share)).isEqualTo(2);
    }

    @Test
    void theHelpHasExamplesAndTheCompletionKnowsTheWords() {
        for (String command : List.of("status", "stage", "rollout", "dead-letters", "audit")) {
            assertThat(run(Map.of(), command, "--help")).isZero();
            assertThat(out.toString()).contains("./crossfade " + command);
        }
        assertThat(run(Map.of(), "completion")).isZero();
        assertThat(out.toString()).contains("dead-letters", "discard", "dual-write", "--max-lag");
    }

    private int against(String statusBody, String otherBody) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            boolean status = exchange.getRequestURI().getPath().equals("/api/status");
            byte[] body = (status ? statusBody : otherBody).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            return run(
                    token(),
                    "dead-letters",
                    "list",
                    "--url",
                    "http://127.0.0.1:" + server.getAddress().getPort());
        } finally {
            server.stop(0);
        }
    }

    private long epoch() {
        return new JsonObject(json("status", "--json")).getJsonObject("status").getLong("epoch");
    }

    private String json(String... arguments) {
        out.getBuffer().setLength(0);
        assertThat(execute(arguments)).as(err.toString()).isZero();
        return out.toString();
    }

    private int execute(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        if (!List.of("dead-letters").equals(all)) {
            all.add("--url");
            all.add(url());
        }
        return run(token(), all.toArray(String[]::new));
    }

    private int run(Map<String, String> environment, String... arguments) {
        return Main.commandLine(environment)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }

    private static Map<String, String> token() {
        return Map.of("CROSSFADE_ADMIN_TOKEN", CrossfadeExtension.ADMIN_TOKEN);
    }

    /** Past every gate, because most of these tests are about the commands. */
    private void forward(String repository, String stage, String... options) {
        List<String> words = new ArrayList<>(
                List.of("stage", repository, stage, "--override", "--reason", "this test is not about gates"));
        words.addAll(List.of(options));
        assertThat(execute(words.toArray(String[]::new))).as(err.toString()).isZero();
    }

    private static String url() {
        return "http://127.0.0.1:" + crossfade.proxy().adminPort();
    }
}
