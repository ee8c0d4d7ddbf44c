package io.crossfade.cutover.model;

import io.crossfade.cutover.model.Task.Step;
import java.util.Objects;

/**
 * Finishes or aborts a move that somebody has begun: any instance, at any time, and the driver itself when it is
 * in trouble.
 *
 * <p>How long it waits before it does is no part of its safety, so here it does not wait.
 */
final class Healer {
    private Healer() {}

    static void moves(World world, int i, Task task, Moves moves) {
        switch (task.step()) {
            case IDLE -> notice(world, i, moves);
            case HEALING -> readDestination(world, i, task, moves);
            case ABORTING -> abort(world, i, task, moves);
            case STAYING -> unfence(world, i, task, moves);
            case UNFENCING -> sendCommit(world, i, task, moves);
            default -> {}
        }
    }

    private static void notice(World world, int i, Moves moves) {
        for (Side from : Side.values()) {
            Row row = world.on(from).row();
            if (row.moving() && row.authority() == from && moves.has(Rule.EVERY_INSTANCE_HEALS)) {
                moves.step(
                        "a healer sees a move, reading ",
                        from,
                        world.with(i, new Task(Step.HEALING, from, new Row(row.epoch() - 1, from, false))));
            }
        }
    }

    private static void readDestination(World world, int i, Task task, Moves moves) {
        Side to = task.from().other();
        Row row = world.on(to).row();
        if (moves.without(Rule.ABORT_BY_DESTINATION)) {
            moves.step(
                    "somebody decides by itself that the authority stays on ",
                    task.from(),
                    world.with(i, task.to(Step.STAYING)));
        } else if (row.epoch() == task.epoch()) {
            Step next = moves.has(Rule.READING_IS_NO_PROOF) ? Step.ABORTING : Step.STAYING;
            moves.step("somebody reads that nothing is decided yet, on ", to, world.with(i, task.to(next)));
        } else if (row.epoch() > task.epoch() && row.authority() == task.from() && !row.moving()) {
            moves.step("somebody reads that the authority stays, on ", to, world.with(i, task.to(Step.STAYING)));
        } else {
            moves.step("somebody reads that the authority has moved, on ", to, world.with(i, Task.IDLE));
        }
    }

    private static void abort(World world, int i, Task task, Moves moves) {
        Side to = task.from().other();
        Database database = world.on(to);
        if (database.isLocked()) {
            return;
        }
        if (database.row().epoch() == task.epoch()) {
            moves.step(
                    "somebody commits that the authority stays, on ",
                    to,
                    world.with(to, database.with(task.row().settled(task.from())))
                            .with(i, task.to(Step.STAYING)));
        } else {
            moves.step("somebody is too late to abort, on ", to, world.with(i, task.to(Step.HEALING)));
        }
    }

    private static void unfence(World world, int i, Task task, Moves moves) {
        Database database = world.on(task.from());
        if (database.isLocked()) {
            return;
        }
        if (database.row().equals(task.row().moved()) || moves.without(Rule.UNFENCING_COMPARES_EPOCH)) {
            Transaction open = new Transaction(task.row().settled(task.from()), false, false, false);
            moves.step(
                    "somebody lowers the fence again, uncommitted, on ",
                    task.from(),
                    world.with(task.from(), database.open(open)).with(i, task.to(Step.UNFENCING)));
        } else {
            moves.step("somebody finds the move already ended, on ", task.from(), world.with(i, Task.IDLE));
        }
    }

    /** Nobody waits for the answer: whoever still sees "moving" comes back. */
    private static void sendCommit(World world, int i, Task task, Moves moves) {
        Database database = world.on(task.from());
        Transaction open = Objects.requireNonNull(database.open(), "the healer's own transaction");
        moves.step(
                "somebody sends the COMMIT of the lowered fence on ",
                task.from(),
                world.with(task.from(), database.open(open.sent())).with(i, Task.IDLE));
    }
}
