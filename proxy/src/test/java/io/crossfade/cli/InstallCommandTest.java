package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.TestDatabase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class InstallCommandTest {
    @RegisterExtension
    static final CrossfadeExtension crossfade =
            CrossfadeExtension.withBotData().andSql("CREATE TABLE keyless (id int)");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void leaveBothSidesAsTheyWere() {
        assertThat(execute("uninstall", "--force")).isZero();
    }

    @Test
    void refusalsOfBothSidesAreListedAndNothingIsChanged() {
        assertThat(execute("install")).isEqualTo(1);
        assertThat(err.toString().lines())
                .hasSize(3)
                .contains("Nothing was changed, because of 2 problems:")
                .anyMatch(line -> line.startsWith("  legacy: public.keyless: has no key"))
                .anyMatch(line -> line.startsWith("  target: public.keyless: has no key"));
        assertThat(crossfade.legacy().value("SELECT to_regnamespace('crossfade')"))
                .isEqualTo("null");
    }

    @Test
    void bothSidesAreInstalledOnceAndTakenOut() {
        String[] two = {"--repository", "clients", "--repository", "visits"};
        assertThat(execute("install", two)).isZero();
        assertThat(out.toString())
                .contains("legacy  2 tables installed", "target  2 tables installed", "visits  installed");
        assertThat(crossfade.target().rows("SELECT name, group_name FROM crossfade.repository ORDER BY 1"))
                .containsExactly("clients|clients", "visits|clients");

        assertThat(execute("install", two)).isZero();
        assertThat(out.toString()).contains("legacy  already installed", "target  already installed");

        assertThat(execute("uninstall")).isZero();
        assertThat(out.toString()).contains("legacy  2 tables taken out");
        assertThat(crossfade.target().value("SELECT to_regnamespace('crossfade')"))
                .isEqualTo("null");
        assertThat(execute("uninstall")).isZero();
        assertThat(out.toString()).contains("legacy  nothing to take out");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void nothingIsTakenOutWhileAGroupIsShadowedUnlessItIsForced() throws Exception {
        String[] two = {"--repository", "clients", "--repository", "visits"};
        assertThat(execute("install", two)).isZero();
        // On the authority first: where the row is new, the proxy that runs writes it to the other side by itself.
        for (TestDatabase side : List.of(crossfade.target(), crossfade.legacy())) {
            side.execute(
                    "INSERT INTO crossfade.state (group_name, epoch, stage, authority, rollout, changed_by, reason)"
                            + " VALUES ('clients', 7, 'live', 'target', 0, 'a test', '') ON CONFLICT DO NOTHING");
        }

        assertThat(execute("uninstall")).isEqualTo(1);
        assertThat(err.toString())
                .contains("Nothing was changed, because of 2 problems:")
                .contains("legacy: group clients: is in stage live")
                .contains("target: group clients: is in stage live")
                .contains("Move it to 'off' or to 'complete' first, or name --force.");
        assertThat(execute("uninstall", "--dry-run")).isEqualTo(1);
        assertThat(crossfade.legacy().value("SELECT to_regnamespace('crossfade')"))
                .isEqualTo("crossfade");

        assertThat(execute("uninstall", "--force")).isZero();
        assertThat(crossfade.target().value("SELECT to_regnamespace('crossfade')"))
                .isEqualTo("null");
    }

    @Test
    void theDryRunPrintsTheSqlOfEachSide() {
        assertThat(execute("install", "--dry-run", "--repository", "clients")).isZero();
        assertThat(out.toString())
                .contains("-- legacy", "-- target", "BEGIN;", "CREATE SCHEMA crossfade;", "COMMIT;")
                .contains("CREATE TRIGGER crossfade_capture_insert AFTER INSERT ON public.clients");
        assertThat(crossfade.legacy().value("SELECT to_regnamespace('crossfade')"))
                .isEqualTo("null");
    }

    @Test
    void helpTellsThatEntriesAreKeptUntilAProxyReplaysThem() {
        assertThat(execute("install", "--help")).isZero();
        assertThat(out.toString()).contains("kept until a proxy replays them");
    }

    private int execute(String command, String... options) {
        String[] arguments = new String[options.length + 1];
        arguments[0] = command;
        System.arraycopy(options, 0, arguments, 1, options.length);
        return Main.commandLine(Map.of(
                        "CROSSFADE_LEGACY_URL", crossfade.legacy().uri(),
                        "CROSSFADE_TARGET_URL", crossfade.target().uri()))
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
