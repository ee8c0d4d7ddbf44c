package io.crossfade.feature;

import static io.crossfade.feature.CutoverRig.fenced;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.Crossfade;
import io.crossfade.cli.Main;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.RestClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The words at a terminal that move the writes, against a proxy that runs. */
class CommandsThatMoveWritesTest {
    private static final List<String> ANYWAY = List.of("--override", "--reason", "this test is not about gates");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private CutoverRig rig;
    private Crossfade proxy;

    @BeforeEach
    void open() {
        rig = new CutoverRig(CutoverSettings.DEFAULTS);
        proxy = rig.proxy();
    }

    @AfterEach
    void close() throws InterruptedException {
        rig.close();
    }

    @Test
    void aCutoverIsShownStepByStepAndARollbackTakesItBackWithoutAsking() throws InterruptedException {
        rig.write(2, proxy);
        assertThat(execute("cutover", "--yes"))
                .as("the soak was not waited for")
                .isEqualTo(1);
        assertThat(err.toString()).contains("soak");
        assertThat(execute("cutover", with(ANYWAY, "--yes")))
                .as(out.toString() + err)
                .isZero();
        assertThat(out.toString())
                .contains("bookings: fencing legacy", "counters: giving the writes to target", ".holdMillis: ", "Done.")
                .doesNotContain("\033");
        assertThat(fenced(rig.legacy)).hasSize(3);
        assertThat(execute("status")).as(out.toString()).isZero();
        assertThat(out.toString()).containsPattern("counters +up to \\d+ ");
        assertThat(execute("cutover", "--yes")).isEqualTo(1);
        assertThat(err.toString()).contains("only a group in stage rollout can go live, and there is none");

        assertThat(execute("rollback", "counters")).as(out.toString() + err).isZero();
        assertThat(fenced(rig.target)).containsExactly("counters");
        JsonObject work = new JsonObject(json("rollback", "--to", "off", "--reason", "enough", "--json"));
        assertThat(work.getString("state")).isEqualTo("done");
        assertThat(work.getJsonArray("groups")).hasSize(2);
        assertThat(execute("rollback", "--to", "off")).isEqualTo(1);
        assertThat(err.toString()).contains("nothing stands beyond stage off");
        assertThat(fenced(rig.target)).isEmpty();
        assertThat(fenced(rig.legacy)).isEmpty();
        rig.stopWriting();
        assertThat(rig.failures).isEmpty();
    }

    @Test
    void aRehearsalGoesThereAndBackAndSaysHowLongWritesWereHeld() {
        assertThat(execute("rehearse", with(ANYWAY, "counters")))
                .as(out.toString() + err)
                .isZero();
        assertThat(out.toString()).contains("counters: giving the writes to legacy", "Millis: ", "Done.");
        assertThat(fenced(rig.legacy)).isEmpty();
    }

    @Test
    void whoSawSomethingElseMovesNothing() {
        long epoch =
                new JsonObject(json("status", "--json")).getJsonObject("status").getLong("epoch");
        assertThat(execute("stage", "counters", "shadow")).isZero();
        assertThat(execute("cutover", with(ANYWAY, "clients", "--yes", "--epoch", "" + epoch)))
                .isEqualTo(1);
        assertThat(err.toString()).contains("Somebody else was faster, and nothing was changed.");
        assertThat(execute("cutover", "nothing", "--yes")).isEqualTo(1);
        assertThat(err.toString()).contains("repository 'nothing'");
        assertThat(fenced(rig.legacy)).isEmpty();
    }

    @Test
    void wrongWordsAreWrongUsage() {
        assertThat(execute("cutover", "--yes", "--override")).isEqualTo(2);
        assertThat(err.toString()).contains("--override needs a --reason");
        assertThat(execute("rollback", "--force")).isEqualTo(2);
        assertThat(err.toString()).contains("--force may lose writes, so it needs a --reason");
        assertThat(execute("rollback", "--force", "--reason", "x", "--to", "off"))
                .isEqualTo(2);
        assertThat(execute("reconciliation", "apply")).isEqualTo(2);
        assertThat(execute("reconciliation", "discard", "target-1", "--all")).isEqualTo(2);
        assertThat(execute("reconciliation", "apply", "seventeen")).isEqualTo(2);
    }

    @Test
    void whatAForceLeavesBehindIsToldListedAndDecidedAboutAndKeepsTheGroupBack() {
        assertThat(execute("cutover", with(ANYWAY, "counters", "--yes")))
                .as(err.toString())
                .isZero();
        assertThat(execute("rollback", "counters", "--force", "--reason", "too early"))
                .isEqualTo(1);
        assertThat(out.toString()).contains("The target database answers, so nothing has to be lost");
        assertThat(fenced(rig.legacy)).containsExactly("counters");

        rig.wireToTarget.cut();
        rig.target.execute("UPDATE counters SET n = 77001 WHERE id IN (1, 2, 3); DELETE FROM counters WHERE id = 4");
        assertThat(execute("rollback", "counters", "--force", "--reason", "the target is down"))
                .as(out.toString() + err)
                .isZero();
        assertThat(out.toString())
                .containsPattern("counters.rowsAtRisk: \\d+")
                .contains("writes may be missing on legacy", "Legacy takes the writes.");
        rest().patch("/counters?id=eq.3", "{\"n\":50}").expectStatus(204);
        assertThat(execute("reconciliation", "list"))
                .as("the target cannot be asked")
                .isEqualTo(1);
        assertThat(err.toString()).contains("Those of target are not in the list");
        rig.wireToTarget.restore();
        CounterRig.await(
                "the target follows legacy",
                () -> rig.target
                        .rows("SELECT authority FROM crossfade.state WHERE group_name = 'counters'")
                        .equals(List.of("legacy")));

        CounterRig.await(
                "the gate is red",
                () -> execute("status") >= 0 && out.toString().contains("4 rows that a forced"));
        assertThat(execute("rollout", "counters", "10")).isEqualTo(1);
        assertThat(err.toString()).contains("left behind wait for a decision");
        JsonArray entries = new JsonObject(json("reconciliation", "list", "--json")).getJsonArray("entries");
        assertThat(entries).hasSize(4);
        assertThat(execute("reconciliation", "list")).isZero();
        assertThat(out.toString())
                .contains("target-", "was deleted", "was changed on the authority since", "Group counters: 4 left.")
                .doesNotContain("77001");
        assertThat(execute("reconciliation", "list", "--reveal")).isZero();
        assertThat(out.toString()).contains("77001");

        String first = "target-" + entries.getJsonObject(0).getLong("id");
        assertThat(execute("reconciliation", "apply", first)).as(err.toString()).isZero();
        assertThat(execute("reconciliation", "apply", first)).isEqualTo(1);
        assertThat(err.toString()).contains("There is no entry of that id");
        JsonObject applied = new JsonObject(text(1, "reconciliation", "apply", "--repository", "counters", "--json"));
        assertThat(applied.getLong("done")).isEqualTo(2);
        assertThat(applied.getLong("changedSince")).isEqualTo(1);
        assertThat(execute("reconciliation", "discard", "--all", "--reason", "50 is right"))
                .isZero();
        assertThat(out.toString()).contains("One row was discarded.");
        assertThat(execute("reconciliation", "list")).isZero();
        assertThat(out.toString()).contains("No row waits for a decision.");
        assertThat(rig.legacy.rows("SELECT id, n FROM counters WHERE id < 5 ORDER BY id"))
                .containsExactly("1|77001", "2|77001", "3|50");
        rig.expectEqual();
        CounterRig.await(
                "the gate is green",
                () -> execute("status", "--gates") >= 0
                        && out.toString().contains("No row waits for a decision after"));
        assertThat(
                        rig.legacy.rows(
                                "SELECT operator, kind, reason FROM crossfade.audit WHERE kind LIKE 'reconciliation%' ORDER BY id"))
                .containsExactly(
                        "admin|reconciliation-revealed|",
                        "admin|reconciliation-applied|",
                        "admin|reconciliation-applied|",
                        "admin|reconciliation-applied|",
                        "admin|reconciliation-discarded|50 is right");
    }

    private RestClient rest() {
        return new RestClient("http://127.0.0.1:" + proxy.restPort() + "/rest/v1");
    }

    private String json(String... words) {
        return text(0, words);
    }

    private String text(int code, String... words) {
        assertThat(execute(words)).as(out.toString() + err).isEqualTo(code);
        return out.toString();
    }

    private int execute(String word, List<String> words) {
        List<String> all = new ArrayList<>(List.of(word));
        all.addAll(words);
        return execute(all.toArray(String[]::new));
    }

    private static List<String> with(List<String> some, String... others) {
        List<String> all = new ArrayList<>(some);
        all.addAll(List.of(others));
        return all;
    }

    /** What it has to say is in {@link #out} and {@link #err} afterwards, and nothing else. */
    private int execute(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--url");
        all.add("http://127.0.0.1:" + proxy.adminPort());
        return Main.commandLine(Map.of("CROSSFADE_ADMIN_TOKEN", CrossfadeExtension.ADMIN_TOKEN))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
