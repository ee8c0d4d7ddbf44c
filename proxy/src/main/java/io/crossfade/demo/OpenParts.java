package io.crossfade.demo;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The parts of something that runs, to be closed in the reverse order of their opening.
 *
 * <p>Threading: opening and closing exclude each other, so a close that comes while parts are being opened waits and
 * then closes them; after a close nothing opens any more.
 */
public final class OpenParts implements AutoCloseable {
    private static final long SECONDS = 20;

    private final Deque<Runnable> closers = new ArrayDeque<>();
    private boolean closed;

    /** Runs the opening; if it fails, closes what it had opened. */
    public synchronized <T> T open(Supplier<T> opening) {
        if (closed) {
            throw new DemoFailure("stopped before it had started");
        }
        try {
            return opening.get();
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** How to close what was just opened. */
    public synchronized void closeWith(Runnable closer) {
        closers.push(closer);
    }

    /**
     * How to close what was just opened and closes asynchronously.
     *
     * @param complaint what to say if it does not
     */
    public void closeWith(String complaint, Supplier<Future<?>> closing) {
        closeWith(() -> {
            // What closing comes to is of no interest, only that it came.
            Object unused = await(complaint, closing.get());
        });
    }

    /**
     * Waits for a part that opens or closes asynchronously.
     *
     * @param complaint what to say if it does not
     */
    public static <T> T await(String complaint, Future<T> future) {
        try {
            return future.await(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            throw new DemoFailure(complaint + " within " + SECONDS + " s", late);
        } catch (RuntimeException failure) {
            throw new DemoFailure(complaint + ": " + failure.getMessage(), failure);
        }
    }

    /** Closes every part; one that fails to close does not keep the others, and is told at the end. */
    @Override
    public synchronized void close() {
        closed = true;
        DemoFailure first = null;
        while (!closers.isEmpty()) {
            try {
                closers.pop().run();
            } catch (RuntimeException failure) {
                first = first == null ? new DemoFailure(String.valueOf(failure.getMessage()), failure) : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
