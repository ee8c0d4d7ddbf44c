package io.crossfade.cli;

import io.crossfade.settings.Settings;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Objects;
import java.util.Optional;

/**
 * Explains why the proxy did not start. A failed bind does not say which front door it was, so both addresses are tried
 * again; whatever the proxy itself had opened must be closed by then.
 */
final class StartFailure {
    private StartFailure() {}

    /**
     * The failure as one sentence.
     *
     * @param restPortName what sets the REST port, such as a key, a variable or an option
     * @param adminPortName what sets the admin port
     */
    static CommandFailedException of(Throwable cause, Settings settings, String restPortName, String adminPortName) {
        Optional<String> refused = Optional.empty();
        if (isAboutAddresses(cause)) {
            refused = refusal("REST", settings.rest().host(), settings.rest().port(), restPortName)
                    .or(() -> refusal(
                            "admin", settings.admin().host(), settings.admin().port(), adminPortName));
        }
        return new CommandFailedException(refused.orElseGet(() -> "Crossfade could not start: " + reason(cause)));
    }

    /** The first line of what went wrong, and of what lies beneath it, such as why a handshake failed. */
    static String reason(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String reason = firstLine(failure);
        String beneath = firstLine(root);
        return reason.contains(beneath) ? reason : reason + " (" + beneath + ")";
    }

    private static String firstLine(Throwable failure) {
        String name = failure.getClass().getSimpleName();
        return Objects.requireNonNullElse(failure.getMessage(), name)
                .lines()
                .findFirst()
                .orElse(name);
    }

    private static boolean isAboutAddresses(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketException
                    || cause instanceof UnknownHostException
                    || cause instanceof UnresolvedAddressException) {
                return true;
            }
        }
        return false;
    }

    private static Optional<String> refusal(String door, String host, int port, String portName) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
            return Optional.empty();
        } catch (IOException e) {
            String remedy = e instanceof BindException && reason(e).startsWith("Address already in use")
                    ? "Stop what listens there, or choose another port with " + portName + " (0 takes any free one)."
                    : "Check the host, and choose a port that this user may open with " + portName + ".";
            return Optional.of("The " + door + " front door cannot listen on " + host + ":" + port + ": " + reason(e)
                    + ". " + remedy);
        }
    }
}
