package io.crossfade.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The two databases of the demo, each on a server of its own, with the bot's tables and rows.
 *
 * <p>Both start at the same time; if one fails, the other is stopped before the failure is told. Blocks while it
 * starts and stops: not for an event loop.
 */
public final class EmbeddedSides implements AutoCloseable {
    private final EmbeddedServer legacy;
    private final EmbeddedServer target;
    private final @Nullable ScratchDirectory scratch;

    private EmbeddedSides(EmbeddedServer legacy, EmbeddedServer target, @Nullable ScratchDirectory scratch) {
        this.legacy = legacy;
        this.target = target;
        this.scratch = scratch;
    }

    /**
     * Starts both servers and loads what is not there yet.
     *
     * @param dataDir where the databases are kept for the next start; null for a temporary place that goes with them
     */
    public static EmbeddedSides start(@Nullable Path dataDir) {
        ScratchDirectory scratch = dataDir == null ? ScratchDirectory.create() : null;
        Path root = scratch == null ? existing(dataDir) : scratch.path();
        CompletableFuture<EmbeddedServer> legacy =
                onThread("legacy", () -> EmbeddedServer.loaded("legacy", root, scratch == null));
        CompletableFuture<EmbeddedServer> target =
                onThread("target", () -> EmbeddedServer.loaded("target", root, scratch == null));
        try {
            CompletableFuture.allOf(legacy, target).join();
            return new EmbeddedSides(legacy.join(), target.join(), scratch);
        } catch (CompletionException failure) {
            // allOf is done only when both are, so neither can start after this.
            stopIfStarted(legacy);
            stopIfStarted(target);
            if (scratch != null) {
                scratch.close();
            }
            throw failure.getCause() instanceof DemoFailure known ? known : failure;
        }
    }

    private static Path existing(@Nullable Path dataDir) {
        Path root = Objects.requireNonNull(dataDir).toAbsolutePath();
        try {
            return Files.createDirectories(root);
        } catch (IOException failure) {
            throw new DemoFailure("--data-dir " + root + " cannot be made: " + failure, failure);
        }
    }

    private static <T> CompletableFuture<T> onThread(String name, Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> new Thread(task, "embedded-" + name).start());
    }

    private static void stopIfStarted(CompletableFuture<EmbeddedServer> server) {
        if (!server.isCompletedExceptionally()) {
            server.join().close();
        }
    }

    public EmbeddedServer legacy() {
        return legacy;
    }

    public EmbeddedServer target() {
        return target;
    }

    /** The names of the bot's tables. */
    public Set<String> tables() {
        return TableDifferences.tables(legacy.jdbc());
    }

    /** The tables that do not hold the same rows on both sides; none where the sides are equal. */
    public List<String> differences() {
        return TableDifferences.between(legacy.jdbc(), target.jdbc());
    }

    /** Stops both servers, and removes their rows unless they were to be kept. */
    @Override
    public void close() {
        try {
            CompletableFuture.allOf(
                            CompletableFuture.runAsync(legacy::close, task -> new Thread(task, "stop-legacy").start()),
                            CompletableFuture.runAsync(target::close, task -> new Thread(task, "stop-target").start()))
                    .join();
        } finally {
            if (scratch != null) {
                scratch.close();
            }
        }
    }
}
