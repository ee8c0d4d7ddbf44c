package io.crossfade.cutover.model;

import java.util.Comparator;

/**
 * One instance's replay: a leader of one direction, or of none.
 *
 * <p>The number of a token matters only for whether it is still the newest, so a raised token is modelled as
 * everybody else's
 * becoming void.
 */
record Replayer(Phase phase, Side from, boolean holdsToken, int rows, int entries) implements Comparable<Replayer> {
    static final Replayer NONE = new Replayer(Phase.NONE, Side.A, false, 0, 0);

    private static final Comparator<Replayer> ORDER = Comparator.comparing(Replayer::phase)
            .thenComparing(Replayer::from)
            .thenComparing(Replayer::holdsToken)
            .thenComparing(Replayer::rows)
            .thenComparing(Replayer::entries);

    /** Where a batch stands. */
    enum Phase {
        NONE,
        LEADING,
        /** The snapshot was read. */
        READ,
        /** The other side has committed the batch; the entries are still in the journal. */
        APPLIED
    }

    static void moves(World world, Moves moves) {
        for (int i = 0; i < world.replayers().size(); i++) {
            Replayer replayer = world.replayers().get(i);
            switch (replayer.phase) {
                case NONE -> lead(world, moves, i);
                case LEADING -> replayer.read(world, moves, i);
                case READ -> replayer.apply(world, moves, i);
                case APPLIED -> replayer.delete(world, moves, i);
            }
        }
    }

    private static void lead(World world, Moves moves, int i) {
        for (Side from : Side.values()) {
            Database destination = world.on(from.other());
            boolean allowed =
                    !destination.row().claims(from.other()) || moves.without(Rule.LEADS_TOWARDS_A_SHADOW_ONLY);
            if (allowed && !destination.isLocked()) {
                World raised = moves.has(Rule.LEADER_RAISES_TOKEN) ? world.raiseTokenOn(from.other()) : world;
                moves.step(
                        "a replayer takes the lead of the direction from ",
                        from,
                        raised.replace(world.replayers().get(i), new Replayer(Phase.LEADING, from, true, 0, 0)));
            }
        }
    }

    private void read(World world, Moves moves, int i) {
        Database source = world.on(from);
        if (!holdsToken) {
            moves.step("a replayer steps down, from ", from, world.with(i, NONE));
        } else if (source.journal() != 0) {
            moves.step(
                    "a replayer reads a snapshot of ",
                    from,
                    world.with(i, new Replayer(Phase.READ, from, true, source.rows(), source.journal())));
        }
    }

    private void apply(World world, Moves moves, int i) {
        Database destination = world.on(from.other());
        if (destination.isLocked()) {
            return;
        }
        boolean outdated = !holdsToken && moves.has(Rule.APPLY_CHECKS_TOKEN);
        boolean unwanted = destination.row().claims(from.other()) && moves.has(Rule.AUTHORITY_REFUSES_REPLAY);
        if (outdated || unwanted) {
            moves.step("a replayer's batch is refused and it steps down, from ", from, world.with(i, NONE));
        } else {
            moves.step(
                    "a replayer applies its batch, from ",
                    from,
                    world.with(from.other(), destination.rows(rows))
                            .with(i, new Replayer(Phase.APPLIED, from, holdsToken, 0, entries)));
        }
    }

    private void delete(World world, Moves moves, int i) {
        Database source = world.on(from);
        moves.step(
                "a replayer deletes the entries of its batch on ",
                from,
                world.with(from, source.journal(source.journal() & ~entries))
                        .with(i, new Replayer(Phase.LEADING, from, holdsToken, 0, 0)));
    }

    Replayer voided() {
        return new Replayer(phase, from, false, rows, entries);
    }

    @Override
    public int compareTo(Replayer other) {
        return ORDER.compare(this, other);
    }
}
