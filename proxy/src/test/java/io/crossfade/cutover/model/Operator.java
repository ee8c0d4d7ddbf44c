package io.crossfade.cutover.model;

import io.crossfade.cutover.model.Task.Step;

/** Makes an ordinary change, such as one of the rollout: the authority keeps its place. */
final class Operator {
    private Operator() {}

    static void moves(World world, int i, Task task, Moves moves) {
        if (task.step() == Step.IDLE && world.budget().changes() > 0) {
            read(world, i, moves);
        } else if (task.step() == Step.CHANGING) {
            change(world, i, task, moves);
        }
    }

    private static void read(World world, int i, Moves moves) {
        for (Side side : Side.values()) {
            Row row = world.on(side).row();
            boolean settled = !row.moving() || moves.without(Rule.CHANGES_NO_MOVING_ROW);
            if (row.authority() == side && settled) {
                moves.order(
                        "an operator reads, in order to change it, the row of ",
                        side,
                        world.with(i, new Task(Step.CHANGING, side, row))
                                .spend(world.budget().lessChange()));
            }
        }
    }

    private static void change(World world, int i, Task task, Moves moves) {
        Database database = world.on(task.from());
        if (database.isLocked()) {
            return;
        }
        boolean same = database.row().equals(task.row()) || moves.without(Rule.CHANGE_COMPARES_EPOCH);
        Row changed =
                new Row(task.epoch() + 1, task.row().authority(), task.row().moving());
        moves.step(
                "the operator's change is made, if the epoch is the same, on ",
                task.from(),
                (same ? world.with(task.from(), database.with(changed)) : world).with(i, Task.IDLE));
    }
}
