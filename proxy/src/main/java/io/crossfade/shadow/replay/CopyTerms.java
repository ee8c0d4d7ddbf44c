package io.crossfade.shadow.replay;

/**
 * Whether slices of a group go by COPY for now: where a backlog is long, and no slice was refused a moment ago. What is wrong
 * with a slice that is refused as a whole is found out by the batches of the usual kind.
 *
 * <p>Threads: whoever holds the group at the moment.
 */
final class CopyTerms {
    private static final int FIRST_PAUSE = 4;
    private static final int MOST_DOUBLINGS = 6;

    private boolean wanted;
    private boolean moved;
    private int pause;
    private int refusals;

    /** A batch of the usual kind found more than it holds: whether to leave it. */
    boolean takes() {
        if (pause > 0) {
            pause--;
            return false;
        }
        wanted = true;
        moved = false;
        return true;
    }

    boolean areWanted() {
        return wanted;
    }

    /** A slice came to the shadow. */
    void carried() {
        refusals = 0;
        moved = true;
    }

    /** There is nothing for it any more. Where there never was, the next batch is of the usual kind whatever it finds. */
    void end() {
        wanted = false;
        pause = moved ? 0 : 1;
    }

    /** The shadow would not take a slice in this way, or one of the databases would not be asked in it. */
    void refused() {
        wanted = false;
        pause = FIRST_PAUSE << Math.min(refusals++, MOST_DOUBLINGS);
    }
}
