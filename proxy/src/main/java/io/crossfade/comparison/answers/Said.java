package io.crossfade.comparison.answers;

import io.crossfade.call.Failure;
import io.crossfade.call.Outcome;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.SideAnswer;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What one side said to a read: an outcome, or a failure that says something about its data.
 *
 * @param nanos how long it took
 */
public record Said(
        Side side, @Nullable Outcome outcome, @Nullable Failure failure, long nanos) {
    private static final int PIECE = 8_192;

    public Said {
        if ((outcome == null) == (failure == null)) {
            throw new IllegalArgumentException("a side answers well or not");
        }
    }

    /** How many bytes of it are held. */
    public int bytes() {
        return outcome == null ? 0 : outcome.body().length();
    }

    /** Without its values. */
    public SideAnswer summary() {
        return new SideAnswer(side, nanos, rows(), failure == null ? null : failure.code());
    }

    /** How many rows it found; of a count, how many it counted. */
    long rows() {
        if (outcome == null) {
            return 0;
        }
        boolean counted = outcome.body().length() == 0 && outcome.total() != null;
        return counted && outcome.total() != null ? outcome.total() : outcome.rows();
    }

    Buffer body() {
        return outcome == null ? Buffer.buffer() : outcome.body();
    }

    /** Whether the other side said the same to the byte. */
    public boolean isIdentical(Said other, boolean totals) {
        return outcome != null
                && other.outcome != null
                && outcome.rows() == other.outcome.rows()
                && (!totals || total() == other.total())
                && isSame(body(), other.body());
    }

    /** Piece by piece as arrays, which is several times as fast as the buffers do it, and this is what nearly every comparison comes to. */
    private static boolean isSame(Buffer one, Buffer other) {
        int length = one.length();
        if (other.length() != length) {
            return false;
        }
        byte[] piece = new byte[Math.min(length, PIECE)];
        byte[] against = new byte[piece.length];
        for (int from = 0; from < length; from += PIECE) {
            int end = Math.min(length, from + PIECE);
            one.getBytes(from, end, piece);
            other.getBytes(from, end, against);
            if (!Arrays.equals(piece, 0, end - from, against, 0, end - from)) {
                return false;
            }
        }
        return true;
    }

    /** The rows without the window; -1 where they were not counted. */
    long total() {
        return outcome == null || outcome.total() == null ? -1 : outcome.total();
    }
}
