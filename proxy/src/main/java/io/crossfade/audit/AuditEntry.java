package io.crossfade.audit;

import io.crossfade.migration.Side;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One thing that somebody did.
 *
 * @param at by the clock of the side where it was decided
 * @param operator the operator's name, or {@code crossfade} for a rule of its own
 * @param kind {@code state} for a change of where a group stands, else what was done
 * @param group which it is about; null where it is about none
 * @param was the state before, as JSON; null where there was none
 * @param becomes the state after it, or what was decided, as JSON
 * @param reason in the operator's words; may be empty
 * @param epoch of the state after it; null for what changed no state
 * @param hash over this entry and all before it in its chain
 * @param sides which databases tell of it
 */
public record AuditEntry(
        OffsetDateTime at,
        String operator,
        String kind,
        @Nullable String group,
        @Nullable String was,
        String becomes,
        String reason,
        @Nullable Long epoch,
        String hash,
        Set<Side> sides) {
    public AuditEntry {
        sides = EnumSet.copyOf(sides);
    }

    /** What is the same for two sides' entries of one change; an entry of anything else is like no other. */
    String sameness() {
        return epoch == null ? sides + " " + hash : String.join("\0", group, "" + epoch, operator, becomes, reason);
    }

    /** The same change, of which another side tells too. */
    AuditEntry alsoOn(AuditEntry other) {
        EnumSet<Side> both = EnumSet.copyOf(sides);
        both.addAll(other.sides);
        AuditEntry first = other.at.isBefore(at) ? other : this;
        return new AuditEntry(first.at, operator, kind, group, first.was, becomes, reason, epoch, first.hash, both);
    }
}
