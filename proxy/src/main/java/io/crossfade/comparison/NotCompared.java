package io.crossfade.comparison;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.comparison.Dropped.Reason;
import org.jspecify.annotations.Nullable;

/** What a caller is told whose answer is to fail where nothing was compared: a run that compares nothing proves nothing. */
final class NotCompared {
    private NotCompared() {}

    /** Null where the answer is given all the same: the read alone, or we, are why, and it would never be given. */
    static @Nullable CallFailure of(String repository, Reason reason) {
        return switch (reason) {
            case SIDE_DOWN ->
                failure(repository, reason, "a database does not answer", "Bring both databases up, and read again.");
            case CATCHING_UP ->
                failure(
                        repository,
                        reason,
                        "the shadow is not known to show what the other side holds",
                        "Wait until replay has caught up, which './crossfade status' shows, and read again.");
            case BUSY ->
                failure(
                        repository,
                        reason,
                        "a database did not answer in time",
                        "Read again when the databases have less to do, or raise 'comparison.timeout'.");
            case SATURATED ->
                failure(repository, reason, "too many reads are being compared", "Send fewer reads at once.");
            case TOO_LARGE, MOVED, FAULT -> null;
        };
    }

    private static CallFailure failure(String repository, Reason reason, String why, String hint) {
        return new CallFailure(
                Code.CF502,
                "This read of '" + repository + "' was not compared: " + why + ".",
                "not compared: " + reason.label(),
                hint);
    }
}
