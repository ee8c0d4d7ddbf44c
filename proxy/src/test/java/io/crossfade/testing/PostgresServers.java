package io.crossfade.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The servers of a test run, started when the first test asks and stopped when the JVM ends. They run in containers
 * where a Docker engine answers, else from the embedded binaries; {@code -Dtestpg=docker} or {@code -Dtestpg=embedded}
 * decides it.
 */
public final class PostgresServers {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private PostgresServers() {}

    /** The server of the database that the application moves away from. */
    public static PostgresServer legacy() {
        return Started.LEGACY.join();
    }

    /** The server of the database that the application moves to. */
    public static PostgresServer target() {
        return Started.TARGET.join();
    }

    /** A server of another major version; a test that asks for it is skipped where its binaries are missing. */
    public static PostgresServer other() {
        if (!Started.DOCKER && !Files.isRegularFile(OtherBinaries.jar())) {
            Assumptions.abort("No PostgreSQL of another version in " + OtherBinaries.jar() + "; Maven puts it there");
        }
        return Other.SERVER.join();
    }

    private static PostgresServer start(boolean docker) {
        return docker
                ? container(System.getProperty("testpg.image", "postgres:15-alpine"))
                : embedded(EmbeddedPostgres.builder());
    }

    @SuppressWarnings("resource") // stopped when the JVM ends
    private static PostgresServer container(String image) {
        PostgreSQLContainer container = new PostgreSQLContainer(
                        DockerImageName.parse(image).asCompatibleSubstituteFor("postgres"))
                .withUsername("postgres")
                .withPassword("postgres")
                .withCommand("postgres", "-c", "fsync=off", "-c", "autovacuum=off", "-c", "max_connections=300");
        container.start();
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop));
        return new PostgresServer(container.getHost(), container.getMappedPort(5432), "postgres", "postgres");
    }

    private static PostgresServer embedded(EmbeddedPostgres.Builder builder) {
        try {
            EmbeddedPostgres server = builder.setServerConfig("fsync", "off")
                    .setServerConfig("autovacuum", "off") // so that plans, and with them the order of rows, stay
                    .setServerConfig("shared_buffers", "64MB")
                    .setPGStartupWait(START_TIMEOUT)
                    .setRegisterShutdownHook(true)
                    .start();
            return new PostgresServer("127.0.0.1", server.getPort(), "postgres", "postgres");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean useDocker() {
        String wanted = System.getProperty("testpg", "auto");
        boolean docker = switch (wanted) {
            case "docker" -> true;
            case "embedded" -> false;
            case "auto" -> DockerClientFactory.instance().isDockerAvailable();
            default -> throw new IllegalArgumentException("testpg is auto, docker or embedded, not " + wanted);
        };
        System.out.println("Tests use PostgreSQL " + (docker ? "in Docker containers" : "from embedded binaries"));
        return docker;
    }

    /** Initialised by the first use. */
    private static final class Started {
        private static final boolean DOCKER = useDocker();
        private static final CompletableFuture<PostgresServer> LEGACY =
                CompletableFuture.supplyAsync(() -> start(DOCKER));
        private static final CompletableFuture<PostgresServer> TARGET =
                CompletableFuture.supplyAsync(() -> start(DOCKER));
    }

    /** Initialised by the first use. */
    private static final class Other {
        private static final CompletableFuture<PostgresServer> SERVER =
                CompletableFuture.supplyAsync(() -> Started.DOCKER
                        ? container(System.getProperty("testpg.otherImage", "postgres:17-alpine"))
                        : embedded(EmbeddedPostgres.builder()
                                .setPgBinaryResolver((system, machine) -> OtherBinaries.open())));
    }
}
