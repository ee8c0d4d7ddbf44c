package io.crossfade.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** A port of this machine that somebody is about to listen on. */
final class LoopbackPort {
    private LoopbackPort() {}

    /**
     * Fails where another program has the port, so that the user hears of it before anything has been started.
     *
     * @param flag what the user can change
     */
    static void requireFree(String flag, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // As the proxy's own listener does: connections of an earlier run that linger do not count.
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException taken) {
            throw new DemoFailure(
                    "port " + port + " of 127.0.0.1 is taken (" + taken.getMessage() + "): choose another with " + flag
                            + ", 0 for any free one",
                    taken);
        }
    }
}
