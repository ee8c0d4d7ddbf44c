package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class BenchCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void captureIsMeasuredInEveryWayAndWithBothKindsOfCommits() {
        assertThat(execute("bench", "--capture", "--seconds", "0.1", "--json"))
                .as(err.toString())
                .isZero();
        JsonArray cases = new JsonObject(out.toString()).getJsonArray("cases");
        assertThat(cases.stream()
                        .map(JsonObject.class::cast)
                        .map(one -> one.getString("way") + (one.getBoolean("durable") ? " durable" : " unsynced"))
                        .collect(Collectors.groupingBy(way -> way, Collectors.counting())))
                .isEqualTo(Map.of(
                        "straight durable", 2L, "proxy durable", 2L, "straight unsynced", 2L, "proxy unsynced", 2L));
        assertThat(cases.stream().map(JsonObject.class::cast))
                .allSatisfy(one -> assertThat(one.getDouble("cost")).isPositive());
    }

    @Test
    void captureRefusesANumberOfCallersInsteadOfIgnoringIt() {
        assertThat(execute("bench", "--capture", "--connections", "4")).isEqualTo(2);
        assertThat(err.toString()).contains("--capture measures one caller", "leave --connections out");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aSenselessNumberIsWrongUsage() {
        assertThat(execute("bench", "--connections", "1,0")).isEqualTo(2);
        assertThat(err.toString()).contains("--connections must be 1 to 64");
        assertThat(execute("bench", "--seconds", "0")).isEqualTo(2);
        assertThat(err.toString()).contains("--seconds must be 0.1 to 600");
    }

    private int execute(String... arguments) {
        CommandLine commandLine =
                Main.commandLine(Map.of()).setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }
}
