package io.crossfade.demo;

import io.vertx.pgclient.PgConnectOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;

/**
 * One embedded PostgreSQL server on a free loopback port, which this process starts and stops.
 *
 * <p>A server whose directory is kept syncs its writes to disk, as a real one does; a temporary one does not, because
 * nobody will ask for its rows again.
 */
public final class EmbeddedServer implements AutoCloseable {
    private static final Duration START_WAIT = Duration.ofSeconds(30);
    private static final int LOG_LINES = 5;

    private final String name;
    private final Path directory;
    private final EmbeddedPostgres postgres;

    private EmbeddedServer(String name, Path directory, EmbeddedPostgres postgres) {
        this.name = name;
        this.directory = directory;
        this.postgres = postgres;
    }

    /**
     * Starts a server below this directory, with the bot's tables and rows.
     *
     * @param kept whether somebody will start a server on the same directory again
     */
    public static EmbeddedServer loaded(String name, Path root, boolean kept) {
        EmbeddedServer server = start(name, root.resolve(name + "-" + BotDatabase.MAJOR_VERSION), kept);
        try {
            BotDatabase.loadInto(server.jdbc());
            return server;
        } catch (RuntimeException failure) {
            server.close();
            throw failure;
        }
    }

    /**
     * Starts a server on the cluster in this directory, which is made if it is not there.
     *
     * @param name what messages call the server, and its log file, which lies beside the directory
     * @param kept whether somebody will start a server on this directory again
     */
    static EmbeddedServer start(String name, Path directory, boolean kept) {
        Path log = directory.resolveSibling(name + ".log");
        try {
            LeftoverServer.mustNotRun(name, directory);
            Files.createDirectories(directory);
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setDataDirectory(directory)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setPGStartupWait(START_WAIT)
                    .setOutputRedirector(Redirect.appendTo(log.toFile()))
                    .setErrorRedirector(Redirect.appendTo(log.toFile()))
                    .setServerConfig("max_connections", "80")
                    .setServerConfig("shared_buffers", "32MB")
                    .setServerConfig("fsync", kept ? "on" : "off")
                    .setServerConfig("synchronous_commit", kept ? "on" : "off");
            // Any UTF-8 locale will do, so that ILIKE knows Cyrillic; this one needs no locale package.
            if (System.getProperty("os.name").startsWith("Linux")) {
                builder.setLocaleConfig("locale", "C.UTF-8");
            }
            return new EmbeddedServer(name, directory, builder.start());
        } catch (IOException | RuntimeException failure) {
            if (failure instanceof DemoFailure known) {
                throw known;
            }
            throw new DemoFailure(
                    "the " + name + " PostgreSQL server in " + directory + " did not start: " + lastLines(log, failure),
                    failure);
        }
    }

    private static String lastLines(Path log, Exception failure) {
        try {
            List<String> lines = Files.readAllLines(log);
            if (!lines.isEmpty()) {
                return String.join(" / ", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
            }
        } catch (IOException noLog) {
            failure.addSuppressed(noLog);
        }
        return String.valueOf(failure.getMessage());
    }

    /** Where the proxy finds it. */
    public PgConnectOptions connection() {
        return new PgConnectOptions()
                .setHost("127.0.0.1")
                .setPort(postgres.getPort())
                .setDatabase("postgres")
                .setUser("postgres");
    }

    /** What {@code psql} takes. */
    public String url() {
        return "postgres://postgres@127.0.0.1:" + postgres.getPort() + "/postgres";
    }

    /** What a JDBC client takes. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/postgres?user=postgres";
    }

    /** For loading rows and for tests; the proxy has its own connections. */
    public DataSource jdbc() {
        return postgres.getPostgresDatabase();
    }

    /** Stops the server; open connections do not hold it up. */
    @Override
    public void close() {
        try {
            postgres.close();
            // The library logs a failed stop and goes on; a server left behind is worse than that.
            LeftoverServer.mustNotRun(name, directory);
        } catch (IOException failure) {
            throw new DemoFailure("the " + name + " PostgreSQL server did not stop: " + failure.getMessage(), failure);
        }
    }
}
