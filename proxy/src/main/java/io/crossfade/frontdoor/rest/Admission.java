package io.crossfade.frontdoor.rest;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Bounds the memory that answers take while slow callers read them: once too many bytes are on their way out, new calls
 * wait, and once too many wait, further ones are refused.
 *
 * <p>Threads: one event loop.
 */
final class Admission {
    private static final int MOST_WAITING = 1_000;

    private final long mostBytes;
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private long bytes;

    /** @param mostBytes on their way out at once; a single answer may go beyond it */
    Admission(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /** Runs the call now or later; false where it is refused. */
    boolean admit(Runnable call) {
        if (bytes <= mostBytes) {
            call.run();
            return true;
        }
        return waiting.size() < MOST_WAITING && waiting.offer(call);
    }

    /** An answer of that length begins to be written. */
    void writing(int length) {
        bytes += length;
    }

    /** An answer of that length was written, or its caller is gone. */
    void written(int length) {
        bytes -= length;
        while (bytes <= mostBytes && !waiting.isEmpty()) {
            waiting.remove().run();
        }
    }
}
