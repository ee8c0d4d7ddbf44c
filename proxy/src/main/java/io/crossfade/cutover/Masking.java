package io.crossfade.cutover;

import io.crossfade.cutover.Undecided.Column;
import io.crossfade.cutover.Undecided.Value;
import io.crossfade.migration.Side;
import io.crossfade.shadow.reconcile.AuthorityRows.Present;
import io.crossfade.shadow.reconcile.UnreplayedRow;
import io.crossfade.sides.Mask;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Shows two images of a row without its values: what an operator sees is whether they differ, where, and how long they are.
 *
 * @param mask of the database that keeps the list
 * @param reveal whether the values themselves are shown, too
 */
record Masking(Mask mask, boolean reveal) {
    Undecided show(Side side, UnreplayedRow entry, @Nullable Present present) {
        Map<String, @Nullable String> listed = entry.image();
        Map<String, @Nullable String> now = present == null ? null : present.image();
        return new Undecided(
                side,
                entry.id(),
                entry.repository(),
                entry.group(),
                entry.table(),
                listed != null,
                now != null,
                present != null && present.changedSince(),
                entry.listedAt(),
                columns(entry, listed, now, present == null ? Map.of() : present.types()));
    }

    private List<Column> columns(
            UnreplayedRow entry,
            @Nullable Map<String, @Nullable String> listed,
            @Nullable Map<String, @Nullable String> now,
            Map<String, String> types) {
        Set<String> names = new LinkedHashSet<>(listed == null ? Set.of() : listed.keySet());
        names.addAll(types.keySet());
        List<Column> columns = new ArrayList<>();
        for (String name : names) {
            String there = listed == null ? null : listed.get(name);
            String here = now == null ? null : now.get(name);
            columns.add(new Column(
                    name,
                    types.get(name),
                    entry.keyNames().contains(name),
                    (listed == null) != (now == null) || !Objects.equals(there, here),
                    listed == null || !listed.containsKey(name) ? null : value(there),
                    now == null || !now.containsKey(name) ? null : value(here)));
        }
        columns.sort((a, b) -> Boolean.compare(b.key(), a.key()));
        return columns;
    }

    private Value value(@Nullable String text) {
        return text == null
                ? new Value(null, null, null)
                : new Value(Mask.length(text), mask.hash(text), reveal ? text : null);
    }
}
