package io.crossfade.shadow.replay;

/**
 * How many keys a slice takes, so that it is bounded in bytes too: learnt from the slices before it, and cut down when one
 * turns out to be too wide.
 *
 * <p>Threads: one at a time, whoever reads.
 */
final class SliceSize {
    /** What a slice that goes by COPY should come to; another one is read meanwhile. */
    static final long BYTES_OF_COPY = 8L * 1024 * 1024;

    /** What a slice of texts should come to: an eighth of the smallest heap that the proxy is meant for, if all are ASCII. */
    static final long BYTES_OF_TEXTS = 12L * 1024 * 1024;

    /** At which no slice is read any further. */
    static final long MOST_BYTES = 16L * 1024 * 1024;

    private long width;

    /**
     * How many keys the next slice takes.
     *
     * @param most where rows are narrow
     * @param bytes what it should come to
     */
    synchronized int keys(int most, long bytes) {
        return width == 0 ? most : (int) Math.max(1, Math.min(most, bytes / width));
    }

    /** A slice was read. It forgets slowly: a wide row seldom comes alone. */
    synchronized void took(int keys, long bytes) {
        if (keys > 0) {
            width = Math.max(bytes / keys, width - width / 4);
        }
    }

    /** A slice was too much when so many of its rows were read; the next one takes half of them at most. */
    synchronized void tooWide(int rows) {
        width = Math.max(2 * MOST_BYTES / rows, width);
    }
}
