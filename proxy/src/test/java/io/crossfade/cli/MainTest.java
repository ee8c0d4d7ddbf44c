package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.settings.AdminSettings;
import io.crossfade.settings.AdminToken;
import io.crossfade.settings.OperatorSettings;
import io.crossfade.settings.OperatorSettings.Role;
import io.crossfade.settings.SettingsLoader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
    private static final Map<String, String> ENVIRONMENT = Map.of(
            "CROSSFADE_LEGACY_URL", "postgres://app:hunter2@db.example/shop",
            "CROSSFADE_ADMIN_TOKEN", "hunter2",
            "CROSSFADE_SERVICE_KEY", "hunter2");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private final Path folder;

    MainTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void helpNamesTheCommandsAndTheExitCodes() {
        assertThat(execute(Map.of(), "--help")).isZero();
        assertThat(out.toString()).contains("run", "completion", "Exit codes", "2   wrong usage");
    }

    @Test
    void theVersionOfAnUnpackagedBuildIsDevelopment() {
        assertThat(execute(Map.of(), "--version")).isZero();
        assertThat(out.toString()).startsWith("crossfade development");
    }

    @Test
    void anUnknownWordIsWrongUsage() {
        assertThat(execute(Map.of(), "rum")).isEqualTo(2);
        assertThat(err.toString()).contains("rum", "Did you mean: crossfade run?");
    }

    @Test
    void noWordIsWrongUsage() {
        assertThat(execute(Map.of())).isEqualTo(2);
        assertThat(err.toString()).contains("Usage: crossfade");
    }

    @Test
    void aValidConfigurationIsSummedUpWithoutSecrets() {
        assertThat(execute(ENVIRONMENT, "run", "--check")).isZero();
        assertThat(out.toString())
                .contains("The configuration is valid.", "http://127.0.0.1:8080/rest/v1", "db.example:5432/shop")
                .contains("target  none")
                .doesNotContain("hunter2");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void everyProblemOfAWrongConfigurationIsOneLine() throws Exception {
        Path config = Files.writeString(folder.resolve("crossfade.yaml"), "rest:\n  prot: 1\nadmin:\n  port: x\n");

        assertThat(execute(ENVIRONMENT, "run", "--check", "--config", config.toString()))
                .isEqualTo(2);
        assertThat(err.toString().lines())
                .containsExactly(
                        "The configuration has 2 problems:",
                        "  " + config + ":2: rest.prot: unknown key; did you mean 'port'?",
                        "  " + config + ":4: admin.port: 'x' is not a whole number from 0 to 65535");
    }

    @Test
    void aNewTokenIsLetInByTheLinesThatArePrintedWithIt() throws Exception {
        assertThat(execute(Map.of(), "token", "--name", "boris", "--role", "viewer"))
                .isZero();
        String[] parts = out.toString().split("(?m)^$", -1);
        String token = parts[1].strip();
        Path config = Files.writeString(
                folder.resolve("crossfade.yaml"),
                "legacy: {url: \"postgres://app@db.example/shop\"}\n" + parts[3].replaceAll("(?m)^  ", ""));

        AdminSettings admin =
                SettingsLoader.load(config, Map.of(), false).settings().admin();

        assertThat(admin.everybody())
                .containsExactly(new OperatorSettings("boris", Role.VIEWER, AdminToken.hash(token)));
        assertThat(token).hasSizeGreaterThanOrEqualTo(32);
        assertThat(config).content().doesNotContain(token);
    }

    @Test
    void aRoleThatIsNoneIsWrongUsage() {
        assertThat(execute(Map.of(), "token", "--role", "root")).isEqualTo(2);
        assertThat(err.toString()).contains("viewer or operator");
    }

    @Test
    void theCompletionKnowsEveryCommand() {
        assertThat(execute(Map.of(), "completion")).isZero();
        assertThat(out.toString()).contains("complete -F _complete_crossfade", "--config", "completion");
    }

    private int execute(Map<String, String> environment, String... arguments) {
        CommandLine commandLine =
                Main.commandLine(environment).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }
}
