package io.crossfade.execution.fresh;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.DatabaseFailure;
import io.crossfade.routing.ShadowState;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A write of this instance, from before it was sent.
 *
 * <p>Threads: any.
 */
public final class SentWrite {
    private static final Set<Code> OUTCOME_UNKNOWN = Set.of(Code.CF500, Code.CF503, Code.CF504);

    private final List<Unreplayed> marks;
    private final Map<String, Object> keys;
    private final Duration uncertainFor;
    private volatile boolean ended;
    private volatile long endedAt;

    /**
     * @param keys what all its rows have, before and after it
     * @param marks where it is counted as a write of rows that are not known
     */
    SentWrite(Map<String, Object> keys, List<Unreplayed> marks, Duration uncertainFor) {
        this.keys = keys;
        this.marks = marks;
        this.uncertainFor = uncertainFor;
        marks.forEach(Unreplayed::sent);
    }

    /**
     * Notes that the authority has answered, or that there will be no answer.
     *
     * @param failure why it failed, or null
     */
    public void ended(@Nullable Throwable failure) {
        long now = System.nanoTime();
        // A lost write can still commit, as long as the server may be busy with it.
        endedAt = failure != null && mayHaveCommitted(failure) ? now + uncertainFor.toNanos() : now;
        ended = true;
        marks.forEach(mark -> mark.ended(endedAt));
    }

    /** Whether the state may not include it. */
    boolean isMissingIn(ShadowState state) {
        return !ended || !state.includes(endedAt);
    }

    /** Whether it can have touched a row with these values: no column tells them apart. */
    boolean mayTouch(Map<String, Object> values) {
        for (Map.Entry<String, Object> key : keys.entrySet()) {
            Object value = values.get(key.getKey());
            // Values of two kinds were read from two catalogues, between which the column has changed.
            if (value != null && value.getClass() == key.getValue().getClass() && !value.equals(key.getValue())) {
                return false;
            }
        }
        return true;
    }

    static boolean mayHaveCommitted(Throwable failure) {
        if (failure instanceof DatabaseFailure said) {
            String code = said.code();
            // The server went away under it (it may have committed before), or says itself that it does not know.
            return code.startsWith("57P") || code.startsWith("08") || code.equals("40003");
        }
        return !(failure instanceof CallFailure ours)
                || (OUTCOME_UNKNOWN.contains(ours.kind()) && !(ours.getCause() instanceof ConnectException));
    }
}
