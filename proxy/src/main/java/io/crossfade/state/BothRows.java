package io.crossfade.state;

import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the two sides say of one group, each as it was last read; of a side that does not answer, what it said before.
 * Epochs only grow, so an old copy is late and never wrong about its own past.
 *
 * @param rows what each side says; a side that says nothing yet is left out
 * @param members the repositories that are installed as this group, on either side
 */
public record BothRows(String group, Map<Side, GroupState> rows, Set<String> members) {
    public BothRows {
        rows = new EnumMap<>(rows.isEmpty() ? new EnumMap<>(Side.class) : rows);
        members = Set.copyOf(members);
    }

    /** What that side says; null where it says nothing. */
    public @Nullable GroupState of(Side side) {
        return rows.get(side);
    }

    /**
     * What is known best: the row with the higher epoch; stage {@code off} before there is one. It may be on its way, so
     * writes follow {@link #settled} instead.
     */
    public GroupState holding() {
        GroupState holding =
                GroupState.first(group, Stage.OFF, 0, Map.of(), "crossfade").at(0);
        for (GroupState row : rows.values()) {
            if (row.epoch() > holding.epoch()) {
                holding = row;
            }
        }
        return holding;
    }

    /**
     * The row of the side that says of itself that it takes the writes: only then is its fence down. Null while the
     * authority is on its way, or where no side said so yet. A row that says it of the other side proves nothing: the other
     * side's fence goes down a moment later.
     */
    public @Nullable GroupState settled() {
        GroupState word = ownWord();
        return word == null || word.isMoving() ? null : word;
    }

    /**
     * The row of the side that says of itself that its writes are on their way to the other, while nothing is settled; null
     * where there is none.
     */
    public @Nullable GroupState leaving() {
        GroupState word = ownWord();
        return word != null && word.isMoving() ? word : null;
    }

    /** What a side says of itself as the authority; of two, the later one, because the other was read a while ago. */
    private @Nullable GroupState ownWord() {
        GroupState word = null;
        for (Map.Entry<Side, GroupState> entry : rows.entrySet()) {
            GroupState row = entry.getValue();
            if (row.authority() == entry.getKey() && (word == null || row.epoch() > word.epoch())) {
                word = row;
            }
        }
        return word;
    }

    /** Whether both sides say the same of one authority, which no one is about to change. */
    public boolean agree() {
        GroupState settled = settled();
        GroupState there = settled == null ? null : rows.get(settled.authority().other());
        return settled != null
                && there != null
                && there.epoch() == settled.epoch()
                && there.authority() == settled.authority()
                && !there.isMoving();
    }
}
