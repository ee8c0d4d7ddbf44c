package io.crossfade.execution.sql;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.SelectItem;
import io.crossfade.catalog.Catalog;
import io.crossfade.catalog.ForeignKey;
import io.crossfade.catalog.Relation;
import java.util.List;

/** Finds the relationships between relations that foreign keys make (PostgREST reference, "Resource Embedding"). */
final class Relationships {
    private Relationships() {}

    /** Whether the target names a relation, a constraint or a column that ties it to the origin, directly or by a third. */
    static boolean exists(Relation origin, String target, Catalog catalog) {
        return origin.foreignKeys().stream()
                        .anyMatch(key -> key.referencedRelation().equals(target)
                                || key.name().equals(target)
                                || key.columns().equals(List.of(target)))
                || catalog.relationsOf(origin.schema()).stream()
                        .filter(other -> references(other, origin))
                        .anyMatch(other -> other.name().equals(target) || references(other, target));
    }

    private static boolean references(Relation from, Relation to) {
        return from.foreignKeys().stream()
                .anyMatch(key -> key.referencedRelation().equals(to.name())
                        && key.referencedSchema().equals(to.schema()));
    }

    private static boolean references(Relation from, String name) {
        return from.foreignKeys().stream().map(ForeignKey::referencedRelation).anyMatch(name::equals);
    }

    static CallFailure none(Relation origin, SelectItem.Embed embed) {
        String hint = embed.hint() == null ? "" : "using the hint '" + embed.hint() + "' ";
        return new CallFailure(
                Code.PGRST200,
                "Could not find a relationship between '" + origin.name() + "' and '" + embed.target()
                        + "' in the schema cache",
                "Searched for a foreign key relationship between '" + origin.name() + "' and '" + embed.target() + "' "
                        + hint + "in the schema '" + origin.schema() + "', but no matches were found.",
                null);
    }
}
