package io.crossfade.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real PostgREST in front of a test database: what Crossfade's answers are compared with. */
public final class PostgrestServer implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    private final Process process;
    private final Path log;
    private final RestClient rest;

    private PostgrestServer(Process process, Path log, RestClient rest) {
        this.process = process;
        this.log = log;
        this.rest = rest;
    }

    /** Starts it and waits until it has read the catalog of the database. */
    public static PostgrestServer start(TestDatabase database, String schemas, long maxRows) {
        Path binary = NodeTools.postgrest();
        try {
            int port = freePort();
            int adminPort = freePort();
            Path log = Files.createTempFile("postgrest", ".log");
            ProcessBuilder builder = new ProcessBuilder(binary.toString()).redirectErrorStream(true);
            builder.redirectOutput(log.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("PGRST_"));
            builder.environment()
                    .putAll(Map.of(
                            "PGRST_DB_URI",
                            database.uri(),
                            "PGRST_DB_ANON_ROLE",
                            "postgres",
                            "PGRST_DB_SCHEMAS",
                            schemas,
                            "PGRST_DB_EXTRA_SEARCH_PATH",
                            "public, extensions",
                            "PGRST_DB_MAX_ROWS",
                            Long.toString(maxRows),
                            "PGRST_DB_POOL",
                            "4",
                            "PGRST_SERVER_HOST",
                            "127.0.0.1",
                            "PGRST_SERVER_PORT",
                            Integer.toString(port),
                            "PGRST_ADMIN_SERVER_PORT",
                            Integer.toString(adminPort),
                            "PGRST_LOG_LEVEL",
                            "crit"));
            PostgrestServer server =
                    new PostgrestServer(builder.start(), log, new RestClient("http://127.0.0.1:" + port));
            server.awaitReady(adminPort);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RestClient rest() {
        return rest;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            Files.deleteIfExists(log);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void awaitReady(int adminPort) throws IOException {
        HttpClient http = HttpClient.newHttpClient();
        HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + adminPort + "/ready"))
                .timeout(START_TIMEOUT)
                .build();
        Instant deadline = Instant.now().plus(START_TIMEOUT);
        while (true) {
            try {
                if (http.send(ready, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                if (ended(process) || Instant.now().isAfter(deadline)) {
                    throw new IOException("PostgREST did not start: " + Files.readString(log), notYet);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    private static boolean ended(Process process) {
        try {
            return process.waitFor(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
