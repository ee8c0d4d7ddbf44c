package io.crossfade.frontdoor.rest;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.Field;
import io.crossfade.call.Filter;
import io.crossfade.call.Filter.Logic;
import io.crossfade.call.OrderTerm;
import io.crossfade.call.Query;
import io.crossfade.call.SelectItem;
import io.crossfade.call.SelectItem.Embed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Sorts the parameters of a URL into what they mean: the select list, and for each level of it filters, order and window.
 * A level is the root, or an embed addressed by the path of its names.
 */
final class Parameters {
    private static final Set<String> RESERVED = Set.of("select", "columns", "on_conflict");

    private final List<SelectItem> select;
    private final @Nullable List<String> columns;
    private final List<String> onConflict;
    private final Map<List<String>, Level> levels = new LinkedHashMap<>();
    private final Map<String, List<String>> arguments = new LinkedHashMap<>();

    /**
     * Reads all parameters.
     *
     * @param forFunction whether a parameter that is not a filter is an argument
     */
    Parameters(QueryString query, boolean forFunction) {
        String select = query.first("select");
        this.select = SelectParser.parse(select == null ? "" : select);
        this.columns = names("columns parameter", query.first("columns"));
        List<String> target = names("on_conflict parameter", query.first("on_conflict"));
        this.onConflict = target == null ? List.of() : target;
        for (QueryString.Parameter parameter : query.parameters()) {
            if (!RESERVED.contains(parameter.name())) {
                read(parameter, forFunction);
            }
        }
    }

    /** The {@code columns} parameter, or null. */
    @Nullable
    List<String> columns() {
        return columns;
    }

    List<String> onConflict() {
        return onConflict;
    }

    /** What was not a filter, for a function. */
    Map<String, List<String>> arguments() {
        return arguments;
    }

    /** The filters of the root. */
    List<Filter> filters() {
        return root().filters;
    }

    /**
     * The whole query.
     *
     * @param range the window of the {@code Range} header
     * @param maxRows caps every level; 0 for no cap
     */
    Query query(Range range, long maxRows) {
        levels.keySet().forEach(this::requireEmbedded);
        return query(List.of(), select, range, maxRows);
    }

    /** What a write gives back: filters and window of the root belong to the write itself. */
    Query returned() {
        levels.keySet().forEach(this::requireEmbedded);
        return new Query(select, List.of(), root().order, null, 0);
    }

    private Level root() {
        return levels.getOrDefault(List.<String>of(), Level.NOTHING);
    }

    private Query query(List<String> path, List<SelectItem> items, Range range, long maxRows) {
        Level level = levels.getOrDefault(path, Level.NOTHING);
        List<SelectItem> nested = new ArrayList<>();
        for (SelectItem item : items) {
            nested.add(item instanceof Embed embed ? embed(path, embed, maxRows) : item);
        }
        Range window = range.within(level.offset, level.limit);
        return new Query(nested, level.filters, level.order, window.cappedLimit(maxRows), window.offset());
    }

    private Embed embed(List<String> path, Embed embed, long maxRows) {
        List<String> inner = append(path, embed.key());
        return new Embed(
                embed.target(),
                embed.alias(),
                embed.hint(),
                embed.inner(),
                embed.spread(),
                query(inner, embed.query().select(), Range.ALL, maxRows));
    }

    private void read(QueryString.Parameter parameter, boolean forFunction) {
        String name = parameter.name();
        String value = parameter.value();
        String last = name.substring(name.lastIndexOf('.') + 1);
        switch (last) {
            case "order" -> level(pathBefore(name)).order = OrderParser.parse(value);
            case "limit" -> level(pathBefore(name)).setLimit(value);
            case "offset" -> level(pathBefore(name)).setOffset(value);
            case "and", "or" -> logic(name, last.equals("and") ? Logic.AND : Logic.OR, value);
            default -> filter(name, value, forFunction);
        }
    }

    private void logic(String name, Logic logic, String value) {
        List<String> path = new ArrayList<>(pathBefore(name));
        boolean negated = !path.isEmpty() && path.get(path.size() - 1).equals("not");
        if (negated) {
            path.remove(path.size() - 1);
        }
        level(path).filters.add(FilterParser.group(negated, logic, value));
    }

    private void filter(String name, String value, boolean forFunction) {
        try {
            Cursor cursor = new Cursor("tree path", name);
            List<String> path = new ArrayList<>();
            Field field = FieldParser.field(cursor);
            while (field.path().isEmpty() && cursor.take(".")) {
                path.add(field.column());
                field = FieldParser.field(cursor);
            }
            cursor.expectEnd();
            level(path).filters.add(FilterParser.condition(field, value));
        } catch (CallFailure notAFilter) {
            if (!forFunction) {
                throw notAFilter;
            }
            arguments.computeIfAbsent(name, first -> new ArrayList<>()).add(value);
        }
    }

    private static List<String> pathBefore(String name) {
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
            return List.of();
        }
        Cursor cursor = new Cursor("tree path", name.substring(0, dot));
        List<String> path = new ArrayList<>();
        do {
            path.add(cursor.name());
        } while (cursor.take("."));
        cursor.expectEnd();
        return path;
    }

    private Level level(List<String> path) {
        return levels.computeIfAbsent(List.copyOf(path), created -> new Level());
    }

    private void requireEmbedded(List<String> path) {
        List<SelectItem> items = select;
        for (String name : path) {
            Embed found = null;
            for (SelectItem item : items) {
                if (item instanceof Embed embed
                        && (embed.key().equals(name) || embed.target().equals(name))) {
                    found = embed;
                }
            }
            if (found == null) {
                throw new CallFailure(
                        Code.PGRST108,
                        "'" + name + "' is not an embedded resource in this request",
                        null,
                        "Verify that '" + name + "' is included in the 'select' query parameter.");
            }
            items = found.query().select();
        }
    }

    private static List<String> append(List<String> path, String name) {
        List<String> longer = new ArrayList<>(path);
        longer.add(name);
        return longer;
    }

    private static @Nullable List<String> names(String what, @Nullable String value) {
        if (value == null) {
            return null;
        }
        Cursor cursor = new Cursor(what, value);
        List<String> names = new ArrayList<>();
        do {
            cursor.skipBlanks();
            names.add(cursor.name());
            cursor.skipBlanks();
        } while (cursor.take(","));
        cursor.expectEnd();
        return names;
    }

    /** What the parameters say about one level. */
    private static final class Level {
        static final Level NOTHING = new Level();

        private final List<Filter> filters = new ArrayList<>();
        private List<OrderTerm> order = List.of();
        private @Nullable Long limit;
        private long offset;

        /** A value that is not an integer is ignored, as PostgREST does. */
        void setLimit(String value) {
            Long number = Range.integer(value);
            limit = number == null ? limit : number;
        }

        void setOffset(String value) {
            Long number = Range.integer(value);
            offset = number == null ? offset : Math.max(0, number);
        }
    }
}
