package io.crossfade.cutover.model;

/** What breaks, beyond what a party that is slow can do. */
final class Faults {
    private Faults() {}

    static void moves(World world, Moves moves) {
        if (world.budget().faults() == 0) {
            return;
        }
        World spent = world.spend(world.budget().lessFault());
        for (Task task : world.tasks()) {
            if (task.step() != Task.Step.IDLE) {
                moves.fault("an instance dies while " + task.step() + ", leaving ", task.from(), spent.without(task));
            }
        }
        for (Side side : Side.values()) {
            restart(world, spent, side, moves);
        }
    }

    private static void restart(World world, World spent, Side side, Moves moves) {
        int owner = world.on(side).isLocked() ? Server.owner(world, side) : -1;
        if (owner >= 0 && Server.isWaitingForCommit(world.tasks().get(owner))) {
            Task unsure = Driver.afterLostAnswer(world.tasks().get(owner), moves);
            moves.fault("the connection breaks after COMMIT was sent to ", side, spent.with(owner, unsure));
            moves.fault(
                    "the database restarts before the COMMIT arrives: ",
                    side,
                    spent.with(side, spent.on(side).open(null)).with(owner, unsure));
        } else if (world.on(side).isLocked() || world.hasWriterOn(side)) {
            World restarted = Server.rollBack(spent, side, owner);
            for (int i = 0; i < restarted.clients().size(); i++) {
                Client client = restarted.clients().get(i);
                restarted = client.isRunningOn(side) ? restarted.with(i, client.to(Client.Phase.UNKNOWN)) : restarted;
            }
            moves.fault("the database restarts: ", side, restarted);
        }
    }
}
