package io.crossfade.frontdoor.rest;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Bounds the memory that bodies take, on their way in and on their way out to slow callers: once too many bytes are held,
 * new calls wait unread, and once too many wait, further ones are refused.
 *
 * <p>Threads: one event loop.
 */
final class Admission {
    private static final int MOST_WAITING = 1_000;

    private final long mostBytes;
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean starting;

    /**
     * Begins empty.
     *
     * @param mostBytes held at once; a single body may go beyond it
     */
    Admission(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * Starts the call now or later, holding so many bytes for it until they are {@link #release released}.
     *
     * @return false where the call is refused, and nothing held
     */
    boolean admit(long held, Runnable start) {
        if (bytes <= mostBytes && waiting.isEmpty()) {
            bytes += held;
            start.run();
            return true;
        }
        return waiting.size() < MOST_WAITING && waiting.offer(new Waiting(held, start));
    }

    /** Holds more bytes for a call that was admitted: its answer is there and begins to be written. */
    void hold(long more) {
        bytes += more;
    }

    /** So many bytes are free again. */
    void release(long held) {
        bytes -= held;
        // A call may end, and release, as soon as it starts: those who wait must not pile up on the stack.
        if (!starting) {
            starting = true;
            try {
                startWaiting();
            } finally {
                starting = false;
            }
        }
    }

    private void startWaiting() {
        while (bytes <= mostBytes && !waiting.isEmpty()) {
            Waiting next = waiting.remove();
            bytes += next.held();
            next.start().run();
        }
    }

    private record Waiting(long held, Runnable start) {}
}
