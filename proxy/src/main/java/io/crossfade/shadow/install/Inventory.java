package io.crossfade.shadow.install;

import java.util.List;
import java.util.Map;

/**
 * What is in one database.
 *
 * @param installed whether the schema of Crossfade is there
 * @param tables those that can be captured, in the order in which locks are taken
 * @param all every table, also those that cannot be captured or are not asked for
 * @param registered the numbers of the captured tables by API name, also of those that were dropped since
 * @param notes what is left out, and why that is fine
 */
record Inventory(
        boolean installed,
        List<Table> tables,
        List<Table> all,
        Map<String, Integer> registered,
        List<Refusal> refusals,
        List<String> notes) {
    Inventory {
        tables = List.copyOf(tables);
        all = List.copyOf(all);
        registered = Map.copyOf(registered);
        refusals = List.copyOf(refusals);
        notes = List.copyOf(notes);
    }
}
