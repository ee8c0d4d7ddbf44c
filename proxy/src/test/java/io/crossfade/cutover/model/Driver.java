package io.crossfade.cutover.model;

import io.crossfade.cutover.model.Task.Step;
import java.util.Objects;

/**
 * The instance that moves the authority from one side to the other; a rollback of the authority is the same with
 * the sides exchanged.
 */
final class Driver {
    private Driver() {}

    static void moves(World world, int i, Task task, Moves moves) {
        switch (task.step()) {
            case IDLE -> begin(world, i, moves);
            case GATES -> compareRows(world, i, task, moves);
            case READY -> fence(world, i, task, moves);
            case FENCING ->
                moves.step(
                        "the driver sends the COMMIT of the fence on ",
                        task.from(),
                        send(world, i, task, task.from(), Step.FENCE_SENT));
            case DRAINING -> {
                take(world, i, task, moves);
                moves.step(
                        "the driver gives up, before taking the authority from ",
                        task.from(),
                        world.with(i, task.to(Step.HEALING)));
            }
            case TAKING ->
                moves.step(
                        "the driver sends the COMMIT of the new authority, leaving ",
                        task.from(),
                        send(world, i, task, task.from().other(), Step.TAKE_SENT));
            case LOWERING ->
                moves.step(
                        "the driver lowers, by itself, the fence on ",
                        task.from().other(),
                        world.with(
                                        task.from().other(),
                                        world.on(task.from().other()).fenced(false))
                                .with(i, Task.IDLE));
            default -> {}
        }
    }

    /** Step 1, first half: reads the row of the side to leave. */
    private static void begin(World world, int i, Moves moves) {
        for (Side from : Side.values()) {
            Row row = world.on(from).row();
            if (world.budget().moves() > 0 && row.claims(from)) {
                moves.order(
                        "an operator orders to move the authority away, and the driver reads ",
                        from,
                        world.with(i, new Task(Step.GATES, from, row))
                                .spend(world.budget().lessMove()));
            }
        }
    }

    /** Step 1, second half: reads the other row, later. */
    private static void compareRows(World world, int i, Task task, Moves moves) {
        boolean equal = world.on(task.from().other()).row().equals(task.row());
        if (equal || moves.without(Rule.ROWS_EQUAL_AT_START)) {
            moves.step("the driver finds both rows equal, leaving ", task.from(), world.with(i, task.to(Step.READY)));
        } else {
            moves.step(
                    "the driver finds the rows unequal and refuses to leave ", task.from(), world.with(i, Task.IDLE));
        }
    }

    /** Step 3: locks the tables, which waits for writers in flight, and opens the transaction. */
    private static void fence(World world, int i, Task task, Moves moves) {
        Side from = task.from();
        Database database = world.on(from);
        boolean writing = world.hasWriterOn(from) && moves.has(Rule.FENCE_WAITS_FOR_WRITERS);
        if (database.isLocked() || writing) {
            return;
        }
        if (database.row().equals(task.row()) || moves.without(Rule.FENCE_COMPARES_EPOCH)) {
            Transaction open = new Transaction(task.row().moved(), true, false, false);
            moves.step(
                    "the driver raises the fence and marks the row as moving, uncommitted, on ",
                    from,
                    world.with(from, database.open(open)).with(i, task.to(Step.FENCING)));
        } else {
            moves.step("the driver finds the epoch changed and stops, on ", from, world.with(i, Task.IDLE));
        }
    }

    /**
     * Step 4 and 6: the journal is empty, and nothing can be added to it; the authority is claimed on the other
     * side.
     */
    private static void take(World world, int i, Task task, Moves moves) {
        Side to = task.from().other();
        Database database = world.on(to);
        boolean drained = world.on(task.from()).journal() == 0 || moves.without(Rule.DRAIN_BEFORE_TAKING);
        if (!drained || database.isLocked()) {
            return;
        }
        if (database.row().epoch() == task.epoch() || moves.without(Rule.TAKING_COMPARES_EPOCH)) {
            boolean raises = moves.has(Rule.TOKEN_RAISED_WITH_AUTHORITY);
            boolean fenced = moves.without(Rule.FENCE_WITH_ROW);
            Transaction open = new Transaction(task.row().settled(to), fenced, raises, false);
            moves.step(
                    "the driver finds the journal empty and claims the authority, uncommitted, on ",
                    to,
                    world.with(to, database.open(open)).with(i, task.to(Step.TAKING)));
        } else {
            moves.step(
                    "the driver finds that somebody else has decided, on ", to, world.with(i, task.to(Step.HEALING)));
        }
    }

    private static World send(World world, int i, Task task, Side where, Step next) {
        Database database = world.on(where);
        Transaction open = Objects.requireNonNull(database.open(), "the driver's own transaction");
        return world.with(where, database.open(open.sent())).with(i, task.to(next));
    }

    /** What the driver does when it hears that its COMMIT succeeded. */
    static Task afterCommit(Task task, Moves moves) {
        return switch (task.step()) {
            case FENCE_SENT -> task.to(Step.DRAINING);
            case TAKE_SENT -> moves.has(Rule.FENCE_WITH_ROW) ? Task.IDLE : task.to(Step.LOWERING);
            default -> Task.IDLE;
        };
    }

    /** What a party does when its transaction ended without it, before it had sent COMMIT. */
    static Task afterRollback(Task task) {
        return task.step() == Step.TAKING || task.step() == Step.TAKE_SENT ? task.to(Step.HEALING) : Task.IDLE;
    }

    /** What the driver does when it sent COMMIT and the connection broke: the outcome is unknown to it. */
    static Task afterLostAnswer(Task task, Moves moves) {
        if (task.step() == Step.FENCE_SENT) {
            // Not HEALING: to abort, one must have seen "moving" committed; whoever sees it, heals.
            return moves.has(Rule.DRAINS_ONLY_BEHIND_A_COMMITTED_FENCE)
                    ? moves.has(Rule.ABORTS_ONLY_WHAT_IT_SAW_MOVING) ? Task.IDLE : task.to(Step.HEALING)
                    : task.to(Step.DRAINING);
        }
        return task.to(moves.has(Rule.LOST_ANSWER_READS_DESTINATION) ? Step.HEALING : Step.STAYING);
    }
}
