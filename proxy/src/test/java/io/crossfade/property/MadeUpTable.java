package io.crossfade.property;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table: its key, a value, perhaps a unique number, and references to tables, also to itself.
 *
 * @param place its number, which is its name
 */
record MadeUpTable(int place, KeyKind key, boolean unique, List<Reference> references) {
    /** The columns of one foreign key, named after its own number. */
    record Reference(int to, String onDelete, String onUpdate) {}

    String name() {
        return "t" + place;
    }

    List<String> keyColumns() {
        return IntStream.range(0, key.types().size()).mapToObj(i -> "k" + i).toList();
    }

    List<String> referenceColumns(int reference, List<MadeUpTable> all) {
        return IntStream.range(
                        0, all.get(references.get(reference).to()).key().types().size())
                .mapToObj(i -> "r" + reference + "_" + i)
                .toList();
    }

    /** The table without its foreign keys, which may form a circle. */
    String create(List<MadeUpTable> all) {
        List<String> columns = new ArrayList<>();
        for (int i = 0; i < key.types().size(); i++) {
            columns.add("k" + i + " " + key.types().get(i));
        }
        columns.add("v text");
        if (unique) {
            columns.add("u integer UNIQUE");
        }
        for (int r = 0; r < references.size(); r++) {
            KeyKind other = all.get(references.get(r).to()).key();
            boolean defaults = references.get(r).onDelete().equals("SET DEFAULT");
            List<String> names = referenceColumns(r, all);
            for (int i = 0; i < names.size(); i++) {
                columns.add(names.get(i) + " " + other.types().get(i)
                        + (defaults ? " DEFAULT " + other.values(1).get(i) : ""));
            }
        }
        return "CREATE TABLE " + name() + " (" + String.join(", ", columns) + ", PRIMARY KEY ("
                + String.join(", ", keyColumns()) + "))";
    }

    /** Its foreign keys. */
    List<String> relate(List<MadeUpTable> all) {
        return IntStream.range(0, references.size())
                .mapToObj(r -> "ALTER TABLE " + name() + " ADD FOREIGN KEY ("
                        + String.join(", ", referenceColumns(r, all)) + ") REFERENCES "
                        + all.get(references.get(r).to()).name() + " ON DELETE "
                        + references.get(r).onDelete() + " ON UPDATE "
                        + references.get(r).onUpdate())
                .toList();
    }

    /** The condition that finds one row. */
    String where(int number) {
        return row(keyColumns()) + " = " + row(key.values(number));
    }

    static String row(List<String> parts) {
        return "(" + String.join(", ", parts) + ")";
    }
}
