package io.crossfade.comparison.answers;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.comparison.Difference;
import io.crossfade.comparison.MismatchKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The rows of two answers, told apart by their key, or where they show none, by all that they hold. */
final class RowComparison {
    /** More of them tell nothing more. */
    private static final int MOST_DIFFERENCES = 100;

    private final Reading reading;
    private final List<Row> authority;
    private final List<Row> shadow;
    private final List<Row> missing = new ArrayList<>();
    private final List<Row> extra = new ArrayList<>();
    private final List<Difference> values = new ArrayList<>();
    private final Set<String> tolerated = new TreeSet<>();

    /** The place in the shadow's answer of each row that both gave, in the order of the authority's. */
    private final List<Integer> places = new ArrayList<>();

    private boolean chosen;

    RowComparison(Reading reading, List<Row> authority, List<Row> shadow) {
        this.reading = reading;
        this.authority = authority;
        this.shadow = shadow;
        match();
        if (reading.key().isEmpty()) {
            pairLeftOvers();
        }
        chosen = !missing.isEmpty()
                && missing.size() == extra.size()
                && authority.size() == shadow.size()
                && reading.mayHaveChosen(authority.size());
    }

    /** Keys whose values differ, and it does not matter. */
    Set<String> tolerated() {
        return tolerated;
    }

    /** Whether each side chose other rows, as it may. */
    boolean isUnstable() {
        return chosen;
    }

    List<Difference> differences() {
        List<Difference> all = new ArrayList<>();
        if (!chosen) {
            missing.forEach(row -> all.add(new Difference(
                    MismatchKind.MISSING,
                    Images.key(row, reading.key()),
                    List.of(),
                    Images.of(row, reading.names()),
                    null)));
            extra.forEach(row -> all.add(new Difference(
                    MismatchKind.EXTRA,
                    Images.key(row, reading.key()),
                    List.of(),
                    null,
                    Images.of(row, reading.names()))));
        }
        all.addAll(values);
        if (all.isEmpty() && !chosen && reading.totalOrder() && !isInOrder()) {
            all.add(new Difference(MismatchKind.ORDER, null, List.of(), null, null));
        }
        if (!chosen && authority.isEmpty() != shadow.isEmpty()) {
            all.add(new Difference(
                    MismatchKind.STATUS,
                    null,
                    List.of(),
                    Images.number(authority.size()),
                    Images.number(shadow.size())));
        }
        return all.size() <= MOST_DIFFERENCES ? all : all.subList(0, MOST_DIFFERENCES);
    }

    private void match() {
        Map<String, Deque<Integer>> byIdentity = new LinkedHashMap<>();
        for (int i = 0; i < shadow.size(); i++) {
            byIdentity
                    .computeIfAbsent(identity(shadow.get(i)), first -> new ArrayDeque<>())
                    .add(i);
        }
        for (Row row : authority) {
            Deque<Integer> same = byIdentity.get(identity(row));
            Integer place = same == null ? null : same.poll();
            if (place == null) {
                missing.add(row);
            } else {
                places.add(place);
                Row other = shadow.get(place);
                List<String> columns = compare(row, other);
                if (!columns.isEmpty()) {
                    values.add(value(row, other, columns));
                }
            }
        }
        byIdentity.values().forEach(left -> left.forEach(place -> extra.add(shadow.get(place))));
    }

    private Difference value(Row row, Row other, List<String> columns) {
        JsonNode key = Images.key(row, reading.key());
        return new Difference(
                MismatchKind.VALUE,
                key,
                reading.names().of(columns),
                Images.of(row, reading.names()),
                Images.of(other, reading.names()));
    }

    /** The keys whose values differ and matter; those that do not are noted. */
    private List<String> compare(Row row, Row other) {
        List<String> columns = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>(row.values().keySet());
        names.addAll(other.values().keySet());
        for (String name : names) {
            if (!name.startsWith(Reading.HIDDEN)) {
                Sameness sameness =
                        Sameness.of(name, row.values().get(name), other.values().get(name), reading);
                if (sameness == Sameness.DIFFERENT) {
                    columns.add(name);
                } else if (sameness == Sameness.TOLERATED) {
                    tolerated.add(name);
                }
            }
        }
        return columns;
    }

    /** Without a key, what is left may still be near enough; and one row on each side is the same one, changed. */
    private void pairLeftOvers() {
        if (missing.size() <= MOST_DIFFERENCES && extra.size() <= MOST_DIFFERENCES) {
            for (Iterator<Row> left = missing.iterator(); left.hasNext(); ) {
                Row row = left.next();
                Row near = near(row);
                if (near != null) {
                    left.remove();
                    extra.remove(near);
                }
            }
        }
        if (missing.size() == 1 && extra.size() == 1 && !reading.mayHaveChosen(authority.size())) {
            List<String> columns = compare(missing.get(0), extra.get(0));
            values.add(value(missing.get(0), extra.get(0), columns));
            missing.clear();
            extra.clear();
        }
    }

    private @Nullable Row near(Row row) {
        for (Row candidate : extra) {
            boolean near = row.values().keySet().equals(candidate.values().keySet())
                    && row.values().keySet().stream()
                            .allMatch(name -> name.startsWith(Reading.HIDDEN)
                                    || Sameness.of(
                                                    name,
                                                    row.values().get(name),
                                                    candidate.values().get(name),
                                                    reading)
                                            != Sameness.DIFFERENT);
            if (near) {
                List<String> none = compare(row, candidate);
                return none.isEmpty() ? candidate : null;
            }
        }
        return null;
    }

    private boolean isInOrder() {
        for (int i = 1; i < places.size(); i++) {
            if (places.get(i) < places.get(i - 1)) {
                return false;
            }
        }
        return true;
    }

    private String identity(Row row) {
        StringBuilder identity = new StringBuilder();
        if (reading.key().isEmpty()) {
            row.values().keySet().stream()
                    .filter(name -> !name.startsWith(Reading.HIDDEN) && !reading.isIgnored(name))
                    .sorted()
                    .forEach(name -> append(row, name, identity));
        } else {
            reading.key().keySet().stream().sorted().forEach(name -> append(row, name, identity));
        }
        return identity.toString();
    }

    private void append(Row row, String name, StringBuilder identity) {
        Raw value = row.values().get(name);
        String text = value == null ? "" : Canonical.of(value, reading.kind(name));
        identity.append(name)
                .append('=')
                .append(text.length())
                .append(':')
                .append(text)
                .append('\n');
    }
}
