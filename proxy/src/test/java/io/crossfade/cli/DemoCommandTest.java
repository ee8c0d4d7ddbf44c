package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.demo.DemoOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class DemoCommandTest {
    private final DemoCommand command = new DemoCommand();

    @Test
    void withoutAnyFlagItTakesTheUsualPortsAndRunsUntilStopped() {
        assertThat(parsed()).isEqualTo(new DemoOptions(8080, 8081, null, 5));
        assertThat(command.duration()).isNull();
    }

    @Test
    void everyFlagReachesTheDemo() {
        assertThat(parsed(
                        "--port", "0", "--admin-port", "9001", "--data-dir", "d", "--rate", "2.5", "--duration", "2m"))
                .isEqualTo(new DemoOptions(0, 9001, Path.of("d"), 2.5));
        assertThat(command.duration()).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void noTrafficMeansNoCalls() {
        assertThat(parsed("--no-traffic", "--rate", "7").callsPerSecond()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--rate=0", "--rate=-1", "--rate=NaN", "--port=65536", "--admin-port=8080", "--duration=soon"})
    void aValueThatMakesNoSenseIsRefusedByItsFlag(String argument) {
        assertThatThrownBy(() -> parsed(argument))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining(argument.substring(0, argument.indexOf('=')));
    }

    @Test
    void aTakenPortIsToldInOneLineBeforeAnythingStarts() throws IOException {
        StringWriter err = new StringWriter();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int code = new CommandLine(command)
                    .setErr(new PrintWriter(err))
                    .execute("--port", String.valueOf(taken.getLocalPort()));
            assertThat(code).isEqualTo(1);
        }
        assertThat(err.toString().lines()).hasSize(1).first().asString().contains("is taken", "--port");
    }

    private DemoOptions parsed(String... arguments) {
        CommandLine.ParseResult parsed = new CommandLine(command).parseArgs(arguments);
        assertThat(parsed.errors()).isEmpty();
        return command.options();
    }
}
