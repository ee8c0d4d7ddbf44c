package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.settings.Settings;
import io.crossfade.settings.SettingsLoader;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartFailureTest {
    @Test
    void aTakenPortIsNamedWithWhatSetsIt() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Settings settings = settings("0", Integer.toString(other.getLocalPort()));

            assertThat(StartFailure.of(new IOException(new BindException()), settings, "rest key", "admin key"))
                    .hasMessageStartingWith(
                            "The admin front door cannot listen on 127.0.0.1:" + other.getLocalPort() + ": Address")
                    .hasMessageEndingWith("choose another port with admin key (0 takes any free one).");
        }
    }

    @Test
    void aFailureOfTheNetworkIsNotBlamedOnAPortThatIsFree() throws Exception {
        assertThat(StartFailure.of(new ConnectException("Connection refused"), settings("0", "0"), "rest", "admin"))
                .hasMessage("Crossfade could not start: Connection refused");
    }

    @Test
    void anyOtherFailureIsItsFirstLine() throws Exception {
        assertThat(StartFailure.of(new IOException("no route\nto host"), settings("0", "0"), "rest key", "admin key"))
                .hasMessage("Crossfade could not start: no route");
    }

    @Test
    void theReasonBeneathAFailureIsToldToo() {
        assertThat(StartFailure.reason(new IOException("handshake failed", new IOException("certificate expired"))))
                .isEqualTo("handshake failed (certificate expired)");
        assertThat(StartFailure.reason(new IOException(new BindException("taken"))))
                .endsWith("taken");
    }

    private static Settings settings(String restPort, String adminPort) throws Exception {
        return SettingsLoader.load(
                        null,
                        Map.of(
                                "CROSSFADE_LEGACY_URL", "postgres://app@db.example/shop",
                                "CROSSFADE_REST_PORT", restPort,
                                "CROSSFADE_ADMIN_PORT", adminPort),
                        false)
                .settings();
    }
}
