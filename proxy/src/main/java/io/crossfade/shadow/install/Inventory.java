package io.crossfade.shadow.install;

import io.crossfade.migration.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is in one database.
 *
 * @param installed whether the schema of Crossfade is there
 * @param identity which database it is; null where nothing is installed
 * @param witness what it knows of the other side; null where that is nothing
 * @param authorities the side that takes the writes of each group, as this side says; none of those that are moving
 * @param tables those that can be captured, in the order in which locks are taken
 * @param all every table, also those that cannot be captured or are not asked for
 * @param registered the numbers of the captured tables by API name, also of those that were dropped since
 * @param notes what is left out, and why that is fine
 */
record Inventory(
        boolean installed,
        @Nullable Identity identity,
        @Nullable Identity witness,
        Map<String, String> authorities,
        List<Table> tables,
        List<Table> all,
        Map<String, Integer> registered,
        List<Refusal> refusals,
        List<String> notes) {
    Inventory {
        authorities = Map.copyOf(authorities);
        tables = List.copyOf(tables);
        all = List.copyOf(all);
        registered = Map.copyOf(registered);
        refusals = List.copyOf(refusals);
        notes = List.copyOf(notes);
    }

    /** The same with more in the way. */
    Inventory with(List<Refusal> more) {
        List<Refusal> every = new ArrayList<>(refusals);
        every.addAll(more);
        return new Inventory(installed, identity, witness, authorities, tables, all, registered, every, notes);
    }

    /** Whether this side says of itself that it takes the writes of a group. */
    boolean isAuthority(Side side, String group) {
        return side.label().equals(authorities.get(group));
    }

    /** Whether this is not the database that the other side knew, or an older state of it. */
    boolean replaced(@Nullable Inventory other) {
        return other != null
                && (other.identity() == null
                        ? other.witness() != null
                        : identity != null && other.witness() != null && identity.differs(other.witness()) != null);
    }
}
