package io.crossfade.cutover.model;

import io.crossfade.cutover.model.Task.Step;

/** What a database does by itself with the transaction that is open. */
final class Server {
    private Server() {}

    static void moves(World world, Moves moves) {
        for (Side side : Side.values()) {
            Transaction open = world.on(side).open();
            if (open == null) {
                continue;
            }
            int owner = owner(world, side);
            if (open.commitSent()) {
                moves.step("the transaction commits on ", side, commit(world, side, open, owner, moves));
            }
            // The server ends what idles, and what the sender of a COMMIT that never arrived has left behind.
            boolean left = open.commitSent() ? owner < 0 : moves.has(Rule.IDLE_TRANSACTIONS_END);
            if (left) {
                moves.step("the server ends the open transaction on ", side, rollBack(world, side, owner));
            }
        }
    }

    private static World commit(World world, Side side, Transaction open, int owner, Moves moves) {
        World committed = world.with(
                side, world.on(side).with(open.row()).fenced(open.fenced()).open(null));
        World raised = open.raisesTokens() ? committed.raiseTokenOn(side) : committed;
        return owner < 0
                ? raised
                : raised.with(owner, Driver.afterCommit(world.tasks().get(owner), moves));
    }

    static World rollBack(World world, Side side, int owner) {
        World rolledBack = world.with(side, world.on(side).open(null));
        return owner < 0
                ? rolledBack
                : rolledBack.with(owner, Driver.afterRollback(world.tasks().get(owner)));
    }

    /** The party that waits for the transaction on {@code side}, or -1 where nobody does any more. */
    static int owner(World world, Side side) {
        for (int i = 0; i < world.tasks().size(); i++) {
            if (world.tasks().get(i).ownsTransactionOn(side)) {
                return i;
            }
        }
        return -1;
    }

    static boolean isWaitingForCommit(Task task) {
        return task.step() == Step.FENCE_SENT || task.step() == Step.TAKE_SENT;
    }
}
