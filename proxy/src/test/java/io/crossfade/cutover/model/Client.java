package io.crossfade.cutover.model;

/**
 * One write of the application, and what the proxy that carries it believes.
 *
 * @param side the side that the proxy believes in
 * @param epoch the epoch of the row by which it believes that
 */
record Client(int write, Phase phase, Side side, int epoch) {
    /** Where a write stands. */
    enum Phase {
        NOT_SENT,
        SENT,
        /** Past the fence, not yet committed. */
        RUNNING,
        /** Refused with CF001, waiting for a newer authority. */
        HELD,
        ACKNOWLEDGED,
        /** The answer was lost, or the database restarted: the application knows that it does not know. */
        UNKNOWN
    }

    Client to(Phase next) {
        return new Client(write, next, side, epoch);
    }

    boolean isRunningOn(Side where) {
        return phase == Phase.RUNNING && side == where;
    }

    static void moves(World world, Moves moves) {
        for (int i = 0; i < world.clients().size(); i++) {
            Client client = world.clients().get(i);
            switch (client.phase) {
                case NOT_SENT -> {
                    moves.order(
                            "write " + client.write + " is sent to ",
                            client.side,
                            world.with(i, client.to(Phase.SENT)));
                    client.learn(world, moves, i, Phase.NOT_SENT);
                }
                case SENT -> client.run(world, moves, i);
                case RUNNING -> client.commit(world, moves, i);
                case HELD -> client.learn(world, moves, i, Phase.SENT);
                case ACKNOWLEDGED, UNKNOWN -> {}
            }
        }
    }

    /** The proxy reads a row that names an authority at a higher epoch than the one it believes in. */
    private void learn(World world, Moves moves, int i, Phase next) {
        for (Side read : Side.values()) {
            Row row = world.on(read).row();
            boolean usable = moves.without(Rule.ROUTE_BY_OWN_ROW) ? !row.moving() : row.claims(read);
            if (usable && row.epoch() > epoch) {
                moves.step(
                        "the proxy of write " + write
                                + (next == Phase.SENT ? " learns and sends it again to " : " learns of "),
                        row.authority(),
                        world.with(i, new Client(write, next, row.authority(), row.epoch())));
            }
        }
    }

    private void run(World world, Moves moves, int i) {
        Database database = world.on(side);
        if (database.isLocked() && moves.has(Rule.FENCE_WAITS_FOR_WRITERS)) {
            return;
        }
        if (database.fenced()) {
            moves.step("write " + write + " meets the fence and is held: ", side, world.with(i, to(Phase.HELD)));
        } else {
            moves.step("write " + write + " runs on ", side, world.with(i, to(Phase.RUNNING)));
        }
    }

    private void commit(World world, Moves moves, int i) {
        Database database = world.on(side);
        World committed =
                world.with(side, database.rows(database.rows() | write).journal(database.journal() | write));
        moves.step(
                "write " + write + " commits and is acknowledged on ", side, committed.with(i, to(Phase.ACKNOWLEDGED)));
        if (world.budget().faults() > 0) {
            moves.fault(
                    "write " + write + " commits and its answer is lost on ",
                    side,
                    committed.with(i, to(Phase.UNKNOWN)).spend(world.budget().lessFault()));
        }
    }
}
