package io.crossfade.cutover.model;

import java.util.Comparator;

/**
 * What one instance, or the operator at it, is in the middle of.
 *
 * @param from the side that the authority is to leave, or that was read
 * @param row what was read there when the task began; never refreshed, so it may be stale
 */
record Task(Step step, Side from, Row row) implements Comparable<Task> {
    static final Task IDLE = new Task(Step.IDLE, Side.A, new Row(0, Side.A, false));

    private static final Comparator<Task> ORDER = Comparator.comparing(Task::step)
            .thenComparing(Task::from)
            .thenComparing(task -> task.row.epoch())
            .thenComparing(task -> task.row.authority())
            .thenComparing(task -> task.row.moving());

    /** Where a task stands. */
    enum Step {
        IDLE,
        /** The driver has read the row of the side to leave. */
        GATES,
        /** The driver has found both rows equal. */
        READY,
        /** The driver's transaction on the side to leave is open. */
        FENCING,
        FENCE_SENT,
        /** The driver knows that the fence is up, and waits for the journal to be empty. */
        DRAINING,
        /** The driver's transaction on the new authority is open. */
        TAKING,
        TAKE_SENT,
        /** The rule of FENCE_WITH_ROW is taken out, and the driver still has to lower the fence. */
        LOWERING,
        /** Somebody has seen "moving" and is going to read the other side's row. */
        HEALING,
        /** The other side's row was still at the old epoch. */
        ABORTING,
        /** The other side's row says that the authority stays. */
        STAYING,
        /** The transaction that lowers the fence again is open. */
        UNFENCING,
        /** A settled row was read and is going to be copied to the other side. */
        COPYING,
        /** An operator has read the row that he is going to change. */
        CHANGING
    }

    Task to(Step next) {
        return new Task(next, from, row);
    }

    int epoch() {
        return row.epoch();
    }

    /** Whether this task's transaction is, or may be, the one open on {@code side}. */
    boolean ownsTransactionOn(Side side) {
        return switch (step) {
            case FENCING, FENCE_SENT, UNFENCING -> from == side;
            case TAKING, TAKE_SENT -> from.other() == side;
            default -> false;
        };
    }

    @Override
    public int compareTo(Task other) {
        return ORDER.compare(this, other);
    }
}
