package io.crossfade.cutover.model;

/** One thing that may happen next. */
record Move(Kind kind, String what, Side side, World next) {
    /** Who decides that a move happens; only steps count when asking whether the system comes to rest by itself. */
    enum Kind {
        /** A party goes on with what it has begun, or heals. */
        STEP,
        /** Somebody asks for something new. */
        ORDER,
        /** Something breaks. */
        FAULT
    }

    @Override
    public String toString() {
        return what + side;
    }
}
