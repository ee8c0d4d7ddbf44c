package io.crossfade.state;

import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import java.util.EnumMap;
import java.util.List;
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

    /** What holds: the row with the higher epoch; stage {@code off} before there is one. */
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

    /** The sides that have yet to follow what holds. */
    public List<Side> lagging() {
        long epoch = holding().epoch();
        return List.of(Side.values()).stream()
                .filter(side -> epochOf(side) < epoch)
                .toList();
    }

    private long epochOf(Side side) {
        GroupState row = rows.get(side);
        return row == null ? 0 : row.epoch();
    }
}
