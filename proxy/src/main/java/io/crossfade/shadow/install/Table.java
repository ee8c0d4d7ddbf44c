package io.crossfade.shadow.install;

import io.crossfade.sides.Identifiers;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table that can be captured, as it is now.
 *
 * @param repository its API name
 * @param name schema and name, quoted
 * @param partitions the quoted names of everything beneath it, empty for an ordinary table
 * @param uniques the columns of each unique index, quoted and sorted
 * @param foreignKeys those that cannot be deferred
 * @param references the tables that its foreign keys name
 * @param capturing capture triggers that are there and always fire, each as {@code relation trigger}
 * @param group its group where it is registered, else empty
 * @param id its number where it is registered, else 0
 * @param current whether it is registered, has not changed since, and had no gap in its capture
 */
record Table(
        String repository,
        String name,
        long oid,
        boolean partitioned,
        List<KeyColumn> key,
        Set<String> uniques,
        List<String> partitions,
        List<ForeignKeyName> foreignKeys,
        Set<Long> references,
        Set<String> capturing,
        int id,
        String group,
        boolean current) {
    Table {
        key = List.copyOf(key);
        uniques = Set.copyOf(uniques);
        partitions = List.copyOf(partitions);
        foreignKeys = List.copyOf(foreignKeys);
        references = Set.copyOf(references);
        capturing = Set.copyOf(capturing);
    }

    Table withId(int number) {
        return new Table(
                repository,
                name,
                oid,
                partitioned,
                key,
                uniques,
                partitions,
                foreignKeys,
                references,
                capturing,
                number,
                group,
                current);
    }

    /** Whether its rows have to be compared anew once capture is put back. */
    boolean broken() {
        return id != 0 && !current;
    }

    /** The columns of its key, quoted and sorted. */
    String keyColumns() {
        return key.stream()
                .map(column -> Identifiers.quote(column.name()))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** The relations whose {@code TRUNCATE} has to be noticed. */
    List<String> relations() {
        return Stream.concat(Stream.of(name), partitions.stream()).toList();
    }

    /**
     * A foreign key.
     *
     * @param relation the quoted name of the table that it is on
     */
    record ForeignKeyName(String relation, String name) {}
}
