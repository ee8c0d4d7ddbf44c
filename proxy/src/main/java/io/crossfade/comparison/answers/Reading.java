package io.crossfade.comparison.answers;

import io.crossfade.call.Answer;
import io.crossfade.call.Field;
import io.crossfade.call.OrderTerm;
import io.crossfade.call.Query;
import io.crossfade.call.Read;
import io.crossfade.call.SelectItem;
import io.crossfade.catalog.Catalog;
import io.crossfade.catalog.Column;
import io.crossfade.catalog.Relation;
import io.crossfade.routing.Equality;
import io.crossfade.settings.CompareSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the answers to one read are to be understood.
 *
 * @param key the columns of the key by their keys in the answer; empty where a row of the answer cannot be told by one
 * @param names of the values, for whoever is told of a difference
 * @param kinds of the values by their keys in the answer; what is not listed is a {@link Kind#VALUE}
 * @param totalOrder whether the order leaves no choice to the database
 * @param limit the most rows that were asked for, or null
 * @param windowed whether rows were skipped
 * @param totals whether the rows without the window were counted, exactly
 * @param rows whether the answer holds rows
 * @param rules what is configured for the repository
 * @param noise columns that differ against themselves
 */
public record Reading(
        Map<String, String> key,
        Names names,
        Map<String, Kind> kinds,
        boolean totalOrder,
        @Nullable Long limit,
        boolean windowed,
        boolean totals,
        boolean rows,
        CompareSettings rules,
        Set<String> noise) {
    /** Begins the keys that {@link VersionedRead} adds to an answer; they are no part of what is compared. */
    static final String HIDDEN = "_crossfade_";

    /** The reading of a read by both catalogues; without a relation on either side, texts are compared. */
    public static Reading of(
            Read read,
            @Nullable Catalog authority,
            @Nullable Catalog shadow,
            CompareSettings rules,
            Set<String> noise) {
        Relation one = relation(read, authority);
        Relation other = relation(read, shadow);
        Query query = read.query();
        List<String> key = sharedKey(one, other);
        return new Reading(
                read.answer().body() ? inAnswer(key, query) : Map.of(),
                Names.of(query, one, other),
                kinds(query, one, other),
                isTotal(key, query),
                query.limit(),
                query.offset() > 0,
                read.answer().count() == Answer.Count.EXACT,
                read.answer().body(),
                rules,
                noise);
    }

    static @Nullable Relation relation(Read read, @Nullable Catalog catalog) {
        return catalog == null
                ? null
                : catalog.relation(read.repository().schema(), read.repository().relation());
    }

    /** The primary key, where both sides have the same; its columns hold no nulls. */
    static List<String> sharedKey(@Nullable Relation one, @Nullable Relation other) {
        return one == null || other == null || !Set.copyOf(one.primaryKey()).equals(Set.copyOf(other.primaryKey()))
                ? List.of()
                : one.primaryKey();
    }

    /** The same, where further columns are known to differ against themselves. */
    public Reading withNoise(Set<String> columns) {
        if (noise.containsAll(columns)) {
            return this;
        }
        Set<String> all = new HashSet<>(noise);
        all.addAll(columns);
        return new Reading(key, names, kinds, totalOrder, limit, windowed, totals, rows, rules, Set.copyOf(all));
    }

    /** The same, where no order is compared. */
    Reading inAnyOrder() {
        return new Reading(key, names, kinds, false, limit, windowed, totals, rows, rules, noise);
    }

    Kind kind(String name) {
        return kinds.getOrDefault(name, Kind.VALUE);
    }

    /** Whether it does not matter if the column differs. */
    boolean isIgnored(String name) {
        return rules.ignore().contains(name) || noise.contains(name);
    }

    /** Whether the database may have had to choose which rows to give. */
    boolean mayHaveChosen(long given) {
        return !totalOrder && (windowed || (limit != null && given >= limit));
    }

    private static Map<String, String> inAnswer(List<String> key, Query query) {
        Map<String, String> names = new HashMap<>();
        for (String column : key) {
            for (SelectItem item : query.select()) {
                if (item == SelectItem.Star.STAR) {
                    names.putIfAbsent(column, column);
                } else if (item instanceof SelectItem.Column selected
                        && selected.cast() == null
                        && selected.aggregate() == null
                        && selected.field().equals(Field.of(column))) {
                    names.putIfAbsent(column, selected.key());
                }
            }
        }
        if (!names.keySet().containsAll(key)) {
            return Map.of();
        }
        Map<String, String> byAnswer = new HashMap<>();
        names.forEach((column, name) -> byAnswer.put(name, column));
        return byAnswer;
    }

    private static Map<String, Kind> kinds(Query query, @Nullable Relation one, @Nullable Relation other) {
        Map<String, Kind> kinds = new HashMap<>();
        for (SelectItem item : query.select()) {
            if (item == SelectItem.Star.STAR && one != null && other != null) {
                one.columns()
                        .forEach((name, column) ->
                                kinds.put(name, Kind.common(Kind.of(column), Kind.of(other.column(name)))));
            } else if (item instanceof SelectItem.Column column) {
                kinds.put(column.key(), kind(column, one, other));
            }
        }
        return kinds;
    }

    private static Kind kind(SelectItem.Column item, @Nullable Relation one, @Nullable Relation other) {
        if (item.cast() != null) {
            return Kind.ofType(item.cast());
        }
        if (!item.field().path().isEmpty()) {
            Column column = one == null ? null : one.column(item.field().column());
            return column != null && column.type().equals("json") ? Kind.TEXT : Kind.VALUE;
        }
        return Kind.common(
                type(one, item.field().column()), type(other, item.field().column()));
    }

    private static Kind type(@Nullable Relation relation, String column) {
        return relation == null ? Kind.VALUE : Kind.of(relation.column(column));
    }

    /** What a filter fixes to one value needs no place in the order. */
    private static boolean isTotal(List<String> key, Query query) {
        if (key.isEmpty()) {
            return false;
        }
        List<String> told = new ArrayList<>();
        Equality.required(query.filters()).forEach(equality -> told.add(equality.column()));
        for (OrderTerm term : query.order()) {
            if (term.embed() == null && term.field().path().isEmpty()) {
                told.add(term.field().column());
            }
        }
        return told.containsAll(key);
    }
}
