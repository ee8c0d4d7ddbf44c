package io.crossfade.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The exposed schemas of one database at one moment. Immutable; a refresh makes a new one.
 *
 * @param relations by schema, then by name
 * @param functions by schema, then by name; overloads share a name
 */
public record Catalog(
        Map<String, Map<String, Relation>> relations, Map<String, Map<String, List<Function>>> functions) {
    /** The relation, or null where there is none of that name. */
    public @Nullable Relation relation(String schema, String name) {
        return relations.getOrDefault(schema, Map.of()).get(name);
    }

    /** Every relation of the schema. */
    public Collection<Relation> relationsOf(String schema) {
        return relations.getOrDefault(schema, Map.of()).values();
    }

    /** The functions of that name, one for each overload. */
    public List<Function> functions(String schema, String name) {
        return functions.getOrDefault(schema, Map.of()).getOrDefault(name, List.of());
    }

    /** How many relations there are. */
    public int relationCount() {
        return relations.values().stream().mapToInt(Map::size).sum();
    }

    /** How many functions there are, overloads counted singly. */
    public int functionCount() {
        return functions.values().stream()
                .flatMap(byName -> byName.values().stream())
                .mapToInt(List::size)
                .sum();
    }
}
