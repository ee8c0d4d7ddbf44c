package io.crossfade.cutover.model;

/**
 * The state row of the group on one side: its epoch, the authority, and whether the authority is moving to the
 * other side.
 */
record Row(int epoch, Side authority, boolean moving) {
    /** Whether this row, read on {@code side} itself, says that {@code side} takes writes. */
    boolean claims(Side side) {
        return authority == side && !moving;
    }

    Row moved() {
        return new Row(epoch + 1, authority, true);
    }

    Row settled(Side newAuthority) {
        return new Row(epoch + 2, newAuthority, false);
    }

    @Override
    public String toString() {
        return epoch + authority.name() + (moving ? "→" : "");
    }
}
