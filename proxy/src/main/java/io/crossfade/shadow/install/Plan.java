package io.crossfade.shadow.install;

import java.util.List;

/**
 * What would be done in one database.
 *
 * @param refusals why nothing will be done; then there are no statements
 * @param notes what is left out, and why that is fine
 * @param tables the tables that the statements are about
 * @param unchanged the tables that need nothing
 * @param statements in order, all of one transaction; empty where there is nothing to do
 */
public record Plan(
        List<Refusal> refusals,
        List<String> notes,
        List<String> tables,
        List<String> unchanged,
        List<String> statements) {
    public Plan {
        refusals = List.copyOf(refusals);
        notes = List.copyOf(notes);
        tables = List.copyOf(tables);
        unchanged = List.copyOf(unchanged);
        statements = List.copyOf(statements);
    }
}
