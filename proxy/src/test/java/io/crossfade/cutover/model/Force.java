package io.crossfade.cutover.model;

/**
 * Gives the authority to a side without asking the other one, which is unreachable, and puts things in order
 * when it is back.
 *
 * <p>Unreachable is meant from where the operator is: others may still reach both sides, and so everybody else
 * may move on.
 */
final class Force {
    /** Above every epoch that an ordinary run can reach. */
    static final int EPOCHS = 1000;

    private Force() {}

    static void moves(World world, Moves moves) {
        for (Side side : Side.values()) {
            if (world.budget().forces() > 0) {
                force(world, side, moves);
            }
            reconcile(world, side, moves);
        }
    }

    private static void force(World world, Side side, Moves moves) {
        Database database = world.on(side);
        if (database.isLocked() || database.row().claims(side)) {
            return;
        }
        World forced = world.with(
                side,
                database.with(new Row(database.row().epoch() + EPOCHS, side, false))
                        .fenced(false));
        moves.order(
                "the authority is forced to ",
                side,
                (moves.has(Rule.FORCE_RAISES_TOKEN) ? forced.raiseTokenOn(side) : forced)
                        .spend(world.budget().lessForce()));
    }

    /** One transaction on the side that came back: fence, row and list, behind its writers in flight. */
    private static void reconcile(World world, Side back, Moves moves) {
        Database database = world.on(back);
        Row forced = world.on(back.other()).row();
        boolean lags = forced.epoch() >= EPOCHS
                && forced.claims(back.other())
                && database.row().epoch() < EPOCHS;
        if (!lags || database.isLocked() || world.hasWriterOn(back)) {
            return;
        }
        int listed = moves.has(Rule.RECONCILIATION_LISTS_ENTRIES) ? database.journal() : 0;
        Database fenced = database.with(forced).fenced(true).listed(listed).journal(0);
        World reconciled = world.with(back, fenced);
        moves.step(
                "the side that came back is fenced and its entries are listed: ",
                back,
                moves.has(Rule.RECONCILIATION_RAISES_TOKEN) ? reconciled.raiseTokenOn(back) : reconciled);
    }
}
