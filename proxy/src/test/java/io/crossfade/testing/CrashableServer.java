package io.crossfade.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A real PostgreSQL server that lives as long as the JVM, and in between can be stopped as {@code pg_ctl stop -m immediate} does, and started
 * again on the same directory and port.
 *
 * <p>{@code fsync} is off, and nothing acknowledged is lost all the same: what ends is the server, not the machine. A
 * commit that was waited for has been written into the kernel's page cache, which outlives the process, and recovery reads
 * from there. Only a crash of the operating system could tell the difference. {@code synchronous_commit} has to be on,
 * because without it a commit is still in the server's own memory when it is acknowledged.
 */
public final class CrashableServer {
    private static final Duration START_WAIT = Duration.ofSeconds(60);
    private static final String USER = "postgres";

    private final Path directory;
    private EmbeddedPostgres running;
    private final PostgresServer server;

    private CrashableServer(Path directory, EmbeddedPostgres running) {
        this.directory = directory;
        this.running = running;
        this.server = new PostgresServer("127.0.0.1", running.getPort(), USER, USER);
    }

    /** The server of the databases that an application moves away from. */
    public static CrashableServer legacy() {
        return Started.LEGACY;
    }

    /** The server of the databases that an application moves to. */
    public static CrashableServer target() {
        return Started.TARGET;
    }

    private static CrashableServer start() {
        try {
            Path directory = Files.createTempDirectory("crashable");
            CrashableServer server = new CrashableServer(directory, open(directory, 0));
            Runtime.getRuntime().addShutdownHook(new Thread(server::remove));
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new database in which these scripts ran. */
    public TestDatabase database(String... scripts) {
        return server.database(List.of(scripts));
    }

    /** Ends every process of the server at once; nothing is flushed, and the next start recovers. */
    public void crash() {
        ProcessHandle postmaster = postmaster().orElseThrow();
        Processes.signal("QUIT", postmaster.pid());
        if (!hasEnded(postmaster)) {
            // A backend that was being started at that moment may not have heard of it.
            postmaster.descendants().forEach(ProcessHandle::destroyForcibly);
            postmaster.destroyForcibly();
            if (!hasEnded(postmaster)) {
                throw new IllegalStateException("the server did not end");
            }
        }
        try {
            // Gives the lock on the directory back; there is nothing left to stop.
            running.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean hasEnded(ProcessHandle postmaster) {
        try {
            postmaster.onExit().get(8, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("the server did not end", e);
        }
    }

    /** Starts it again where it was; completes when it takes connections. */
    public void restart() {
        int port = server.port();
        try {
            running = open(directory, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void remove() {
        try {
            running.close();
            Processes.deleteTree(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<ProcessHandle> postmaster() {
        try {
            List<String> lines = Files.readAllLines(directory.resolve("postmaster.pid"));
            return ProcessHandle.of(Long.parseLong(lines.get(0).strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EmbeddedPostgres open(Path directory, int port) throws IOException {
        EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                .setDataDirectory(directory)
                .setCleanDataDirectory(false)
                .setServerConfig("fsync", "off")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .setServerConfig("max_prepared_transactions", "20")
                .setServerConfig("max_connections", "100")
                .setServerConfig("shared_buffers", "32MB")
                // So that an asynchronous commit stays in memory long enough to be lost.
                .setServerConfig("wal_writer_delay", "10s")
                .setPGStartupWait(START_WAIT)
                .setRegisterShutdownHook(false);
        return (port == 0 ? builder : builder.setPort(port)).start();
    }

    /** Initialised by the first use. */
    private static final class Started {
        private static final CrashableServer LEGACY = start();
        private static final CrashableServer TARGET = start();
    }
}
