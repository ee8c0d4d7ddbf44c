package io.crossfade.comparison.answers;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What became of the rows of one side between two reads of them.
 *
 * @param moved whether rows were written meanwhile, or may have been
 * @param noise columns that differ although their rows were not written
 */
public record Versions(boolean moved, Set<String> noise) {
    private static final Versions SAME = new Versions(false, Set.of());
    private static final Versions MOVED = new Versions(true, Set.of());

    /** What happened between two answers of one side to one versioned read. */
    public static Versions between(Reading reading, VersionedRead read, Said before, Said after) {
        if (before.isIdentical(after, reading.totals())) {
            return SAME;
        }
        if (before.outcome() == null || after.outcome() == null || !read.versioned()) {
            return Answers.compare(reading, before, after).isMismatch() ? MOVED : SAME;
        }
        if (before.total() != after.total() || before.rows() != after.rows()) {
            return MOVED;
        }
        Set<String> noise = noise(reading, Row.read(before.body()), Row.read(after.body()));
        return noise == null ? MOVED : new Versions(false, noise);
    }

    /** Null where the rows are not in the same versions. */
    private static @Nullable Set<String> noise(Reading reading, List<Row> before, List<Row> after) {
        Map<List<@Nullable Raw>, Row> byVersion = new HashMap<>();
        before.forEach(row -> byVersion.put(version(row), row));
        Set<String> noise = new HashSet<>();
        for (Row row : after) {
            Row same = byVersion.remove(version(row));
            if (same == null || !same.values().keySet().equals(row.values().keySet())) {
                return null;
            }
            row.values().forEach((name, value) -> {
                if (Sameness.of(name, same.values().get(name), value, reading) != Sameness.SAME) {
                    noise.add(name);
                }
            });
        }
        return byVersion.isEmpty() ? noise : null;
    }

    private static List<@Nullable Raw> version(Row row) {
        List<@Nullable Raw> version = new ArrayList<>();
        row.values().forEach((name, value) -> {
            if (name.startsWith(Reading.HIDDEN)) {
                version.add(value);
            }
        });
        return version;
    }
}
