package io.crossfade.cutover.model;

import io.crossfade.cutover.model.Task.Step;

/**
 * Brings a settled row to the other side, whoever sees that it lags; the last step of a cutover is no more than
 * that.
 */
final class Copier {
    private Copier() {}

    static void moves(World world, int i, Task task, Moves moves) {
        if (task.step() == Step.IDLE) {
            read(world, i, moves);
        } else if (task.step() == Step.COPYING) {
            write(world, i, task, moves);
        }
    }

    private static void read(World world, int i, Moves moves) {
        for (Side from : Side.values()) {
            Row row = world.on(from).row();
            boolean settled = !row.moving() || moves.without(Rule.COPIES_NO_MOVING_ROW);
            boolean own = row.authority() == from || moves.without(Rule.COPIES_OWN_CLAIMS_ONLY);
            if (settled && own && world.on(from.other()).row().epoch() < row.epoch()) {
                moves.step(
                        "somebody sees the other row lag and reads ",
                        from,
                        world.with(i, new Task(Step.COPYING, from, row)));
            }
        }
    }

    private static void write(World world, int i, Task task, Moves moves) {
        Side to = task.from().other();
        Database database = world.on(to);
        if (database.isLocked()) {
            return;
        }
        boolean newer = database.row().epoch() < task.epoch() || moves.without(Rule.COPIES_NEWER_ONLY);
        boolean spared = database.row().claims(to) && moves.has(Rule.COPIES_SPARE_A_CLAIM);
        World copied = newer && !spared ? world.with(to, database.with(task.row())) : world;
        moves.step("the row is copied, if it is newer, to ", to, copied.with(i, Task.IDLE));
    }
}
