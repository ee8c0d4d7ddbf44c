package io.crossfade.agreement;

import io.crossfade.state.BothRows;
import io.crossfade.state.GroupState;

/** A group cannot be moved now, because somebody moves it, or because not both databases know yet where it stands. */
public final class UnsettledException extends RuntimeException {
    /** For a group of which this was read. */
    public UnsettledException(BothRows rows) {
        super(sentence(rows), null, false, false);
    }

    /** For the operator. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    private static String sentence(BothRows rows) {
        GroupState leaving = rows.leaving();
        return leaving == null
                ? "The two databases do not say the same of group " + rows.group() + " yet: look again in a moment."
                : moving(leaving);
    }

    private static String moving(GroupState leaving) {
        return "'" + leaving.changedBy() + "' is moving group " + leaving.group() + " from "
                + leaving.authority().label() + " to "
                + leaving.authority().other().label()
                + " already: wait until that has ended, and look again.";
    }
}
