package io.crossfade.shadow.replay;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads the next slice of a backlog from the authority while the one before it is written to the shadow, so that neither
 * database waits for the other. What it reads is newer than what is being written, and is worth nothing once that fails.
 *
 * <p>Threads: one of its own for the reading. Whoever began it waits for its end in {@link #close}: until then the
 * authority's session belongs to that thread.
 */
final class ReadAhead<T> implements AutoCloseable {
    private final CompletableFuture<@Nullable T> slice;

    private ReadAhead(CompletableFuture<@Nullable T> slice) {
        this.slice = slice;
    }

    static <T> ReadAhead<T> nothing() {
        return new ReadAhead<>(CompletableFuture.completedFuture(null));
    }

    static <T> ReadAhead<T> begin(Supplier<@Nullable T> reading) {
        CompletableFuture<@Nullable T> slice = new CompletableFuture<>();
        Runnable read = () -> {
            try {
                slice.complete(reading.get());
            } catch (RuntimeException | Error e) {
                slice.completeExceptionally(e);
            }
        };
        Thread thread = new Thread(read, Thread.currentThread().getName() + "-ahead");
        thread.setDaemon(true);
        thread.start();
        return new ReadAhead<>(slice);
    }

    /** Waits for it. Null where there is nothing that may be taken ahead. */
    @Nullable
    T slice() {
        try {
            return slice.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        var unused = slice.handle((read, failure) -> failure).join();
    }
}
