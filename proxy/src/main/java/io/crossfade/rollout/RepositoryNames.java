package io.crossfade.rollout;

import io.crossfade.call.Repository;
import io.crossfade.catalog.Catalog;
import io.crossfade.catalog.Catalogs;
import io.crossfade.catalog.Relation;
import io.crossfade.migration.Side;
import io.crossfade.settings.RestSettings;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/** The API names of every relation that either side has in an exposed schema. */
public final class RepositoryNames implements Supplier<Set<String>> {
    private final Catalogs catalogs;
    private final RestSettings settings;

    public RepositoryNames(Catalogs catalogs, RestSettings settings) {
        this.catalogs = catalogs;
        this.settings = settings;
    }

    @Override
    public Set<String> get() {
        Set<String> names = new TreeSet<>();
        for (Side side : Side.values()) {
            Catalog catalog = catalogs.find(side);
            if (catalog != null) {
                for (String schema : settings.schemas()) {
                    catalog.relationsOf(schema).stream()
                            .map(relation -> name(schema, relation))
                            .forEach(names::add);
                }
            }
        }
        return names;
    }

    private String name(String schema, Relation relation) {
        return schema.equals(settings.defaultSchema())
                ? Repository.ofDefaultSchema(schema, relation.name()).name()
                : Repository.ofOtherSchema(schema, relation.name()).name();
    }
}
