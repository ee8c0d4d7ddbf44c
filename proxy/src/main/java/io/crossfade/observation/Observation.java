package io.crossfade.observation;

import io.crossfade.call.Operation;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened and that an operator may want to know. Holds no values of the application's data, but in a {@link
 * WrittenRow}, which does not print them.
 */
public sealed interface Observation {
    /**
     * A call was answered.
     *
     * @param repository the API name, or {@code unknown} for a name that no database has, so that callers cannot make
     *     up metrics
     * @param reason why that side answered
     * @param code the failure's code, or null where it went well
     * @param nanos from the arrival of the call to its answer
     * @param answer how the side did that was asked last, without what the call waited for besides; null where none was
     */
    record CallServed(
            String repository,
            Operation operation,
            @Nullable Side side,
            @Nullable Stage stage,
            String reason,
            @Nullable String code,
            long nanos,
            @Nullable SideAnswer answer)
            implements Observation {
        /** A call of which it is not known how the side itself did. */
        public CallServed(
                String repository,
                Operation operation,
                @Nullable Side side,
                @Nullable Stage stage,
                String reason,
                @Nullable String code,
                long nanos) {
            this(repository, operation, side, stage, reason, code, nanos, null);
        }
    }

    /** A side answered after it had not, or the other way round. */
    record SideHealth(Side side, boolean up, @Nullable String problem) implements Observation {}

    /** The catalogue of a side was read. */
    record CatalogRead(Side side, int relations, int functions, long nanos) implements Observation {}

    /** Reading the catalogue of a side failed; the one read before stays in use. */
    record CatalogFailed(Side side, String problem) implements Observation {}

    /** One side of a group could not be brought to what was decided, and is tried again; told once for each problem. */
    record Disagreement(String group, String problem) implements Observation {}

    /** An operator moved a repository. */
    record RolloutChanged(String repository, Stage stage, double rollout, long epoch) implements Observation {}

    /** Rows were brought to the shadow and committed there. */
    record Replayed(String group, Side shadow, int rows, long nanos) implements Observation {}

    /** Replay could not go on and is tried again; told once for each new problem. */
    record ReplayFailed(String group, String problem) implements Observation {}

    /** The shadow would not take a row; it is tried again later. */
    record DeadLettered(String repository, String sqlState, String problem) implements Observation {}

    /** Sequences of the shadow could not be set past those of the authority; told once for each new problem. */
    record SequencesLeftAlone(String group, Side shadow, List<String> problems) implements Observation {
        public SequencesLeftAlone {
            problems = List.copyOf(problems);
        }
    }

    /**
     * An operator decided about rows that a side would not take.
     *
     * @param action what was done with them: {@code retry} or {@code discard}
     */
    record DeadLettersDecided(String action, Side shadow, String repository, long letters) implements Observation {}

    /** Another instance replays this group now. */
    record SteppedDown(String group) implements Observation {}

    /**
     * The shadow holds something else than what was written to it.
     *
     * @param columns those that differ in some row, sorted
     * @param shadow the side that was written to
     * @param rows a few of those that differ; none where they are too large, or some were told a moment ago
     */
    record WriteMismatch(String repository, List<String> columns, Side shadow, List<WrittenRow> rows)
            implements Observation {
        public WriteMismatch {
            columns = List.copyOf(columns);
            rows = List.copyOf(rows);
        }
    }

    /** How old the state of the authority is that the shadow shows, and how many rows it would not take. */
    record ReplayProgress(String group, Side shadow, long lagNanos, int deadLetters) implements Observation {}

    /**
     * The answer to a write that had committed was held back until the shadow had it.
     *
     * @param nanos how long
     */
    record WriteAcknowledged(String repository, Result result, long nanos) implements Observation {
        /** How the wait ended. */
        public enum Result {
            /** The shadow has the write. */
            REPLAYED,
            /** The shadow does not have it yet, and no proxy reads the shadow's older state any more. */
            TIMEOUT,
            /** There was no wait, because no proxy was reading the shadow. */
            SKIPPED;

            /** The name used in metrics. */
            public String label() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }

    /** The shadow of a group cannot be relied on; told once for each reason. */
    record CaptureBroken(String group, String reason) implements Observation {}

    /** The shadow of a group can be relied on again. */
    record CaptureMended(String group, long generation) implements Observation {}

    /** How the capture of a group was at the last look. */
    record CaptureSeen(String group, Side authority, boolean red, long entries, long bypassEntries)
            implements Observation {}

    /** How much the journal of a side takes. */
    record JournalMeasured(Side side, long bytes) implements Observation {}

    /** The journal passed its alarm size; told once until it is below again. */
    record JournalAlarm(Side side, long bytes, long hardSize) implements Observation {}

    /** A guardrail of a group was held against its limit; {@code state} is good, bad, no-data or off. */
    record GuardrailJudged(String group, String guardrail, String state) implements Observation {}

    /**
     * A guardrail of a group was bad too often.
     *
     * @param reason the numbers
     */
    record GuardrailBreached(String group, String guardrail, String reason, Action action) implements Observation {
        /** What was done about it. */
        public enum Action {
            /** The rollout went back to stage shadow. */
            STEPPED_BACK,
            /** Nothing but to tell: the target has the writes, and a human has to decide. */
            ALARM,
            /** The rollout should have gone back and could not; it is tried again. */
            FAILED;

            /** The name used in metrics. */
            public String label() {
                return name().toLowerCase(Locale.ROOT).replace('_', '-');
            }
        }
    }

    /** The databases could not be watched; told once until they can be again. */
    record WatchFailed(String problem) implements Observation {}

    /**
     * The authority of a group has moved.
     *
     * @param holdNanos how long writes were held
     */
    record AuthorityMoved(String group, Side to, long holdNanos) implements Observation {}

    /**
     * The authority of a group was taken from a side that did not answer.
     *
     * @param atRisk how many writes may be missing, as far as this instance knows
     */
    record AuthorityForced(String group, Side to, long atRisk) implements Observation {}

    /**
     * An operator decided about rows that a side had written and the other lacked when it took the writes by force.
     *
     * @param action what was done with them: {@code apply} or {@code discard}
     */
    record Reconciled(String action, String group, String operator, long entries) implements Observation {}

    /** The authority of a group was to move, and did not. */
    record AuthorityStayed(String group, Side authority, String reason) implements Observation {}

    /** So many wrong tokens were shown to the admin front door that it looks at none for a while; told once a minute. */
    record TokensRefused() implements Observation {}

    /**
     * A read was compared after its answer, or was to be.
     *
     * @param shape the call without its values
     * @param confirmed whether reading again showed the same mismatch; else what differed was being written
     * @param kinds of a mismatch; of an ignored result {@code unstable}, where a limit cut an order that is not total or a
     *     column differs against itself, and nothing of that is told to a {@code Mismatch.Sink}
     * @param columns what differs or, of an unstable result, what differs against itself
     * @param authority how the authority answered
     * @param shadow how the other side answered
     */
    record ReadCompared(
            String repository,
            Operation operation,
            Stage stage,
            String shape,
            Verdict verdict,
            boolean confirmed,
            List<String> kinds,
            List<String> columns,
            SideAnswer authority,
            SideAnswer shadow)
            implements Observation {
        private static final Set<String> UNKNOWN_NAMES = Set.of("PGRST205", "PGRST202", "PGRST002");

        public ReadCompared {
            kinds = List.copyOf(kinds);
            columns = List.copyOf(columns);
        }

        /** What it is counted under: {@code unknown} for a name that no side has, so that callers cannot make up more. */
        public String repositoryLabel() {
            return isUnknown(authority.code()) && isUnknown(shadow.code()) ? "unknown" : repository;
        }

        /** Whether a failure says that a name is nothing of ours, so that it may be anything. */
        public static boolean isUnknown(@Nullable String code) {
            return code != null && UNKNOWN_NAMES.contains(code);
        }

        /** What a comparison came to. */
        public enum Verdict {
            /** Both sides said the same. */
            MATCHED,
            /** They differ only in what was configured to be ignored, or in what differs against itself. */
            IGNORED,
            /** They differ. */
            MISMATCHED;

            /** The name used in metrics. */
            public String label() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }

    /**
     * How one side answered a call.
     *
     * @param rows how many rows it gave
     * @param code the failure's code, or null where it went well
     */
    record SideAnswer(
            Side side, long nanos, long rows, @Nullable String code) {}

    /**
     * A read that was to be compared was not.
     *
     * @param repository its name, or {@code unknown} for a name that no side has
     * @param reason why: {@code saturated} or {@code busy}, {@code side-down}, {@code too-large}, {@code catching-up} (the
     *     shadow is not known to be a true state of the authority), {@code moved} (the repository changed its stage) or
     *     {@code fault} (our own)
     * @param side the side because of which, or null where that is none or not known
     */
    record ComparisonDropped(
            String repository, String reason, @Nullable Side side) implements Observation {}

    /** A mismatch of a kind and column that a repository did not have before; told once for each. */
    record MismatchFirstSeen(
            String repository, String kind, @Nullable String column, String shape) implements Observation {}

    /**
     * Reads of a shape found rows on a side and do not any more; told once until they find some again.
     *
     * @param shape the call without its values
     * @param reads how many in a row found none
     */
    record RowsGone(String repository, String shape, Side side, long reads) implements Observation {}

    /**
     * Somebody other than the proxies uses a side that has not the authority; told at most once an hour for each use.
     *
     * @param count how often, since it was looked last
     */
    record RetiredSideUsed(Side side, Use use, long count) implements Observation {
        /** What was done there. */
        public enum Use {
            /** A table was read that is on the other side now. */
            READS,
            /** Rows were written that nothing brings to the other side. */
            WRITES,
            /** The fence refused a write. */
            REFUSED;

            /** The name used in metrics. */
            public String label() {
                return name().toLowerCase(Locale.ROOT);
            }
        }
    }

    /** A call failed by our own fault. */
    record Unexpected(String where, Throwable error) implements Observation {}
}
