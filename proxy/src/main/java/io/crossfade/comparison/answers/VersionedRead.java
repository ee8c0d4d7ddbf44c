package io.crossfade.comparison.answers;

import io.crossfade.call.Answer;
import io.crossfade.call.Field;
import io.crossfade.call.OrderTerm;
import io.crossfade.call.Query;
import io.crossfade.call.Read;
import io.crossfade.call.SelectItem;
import io.crossfade.catalog.Catalog;
import io.crossfade.catalog.Relation;
import io.crossfade.settings.CompareSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A read that also asks each row for its key and for its version, which changes with every write of the row, also with one that gives it
 * back the values that it had before.
 *
 * @param counting whether the rows are asked for only because the read counts them
 * @param versioned whether it does: views have no versions
 */
public record VersionedRead(Read read, boolean counting, boolean versioned) {
    static final String VERSION = Reading.HIDDEN + "version";
    static final String PLACE = Reading.HIDDEN + "place";
    private static final String KEY = Reading.HIDDEN + "key_";
    private static final Set<Relation.Kind> HEAPS = Set.of(Relation.Kind.TABLE, Relation.Kind.PARTITIONED_TABLE);

    /** Of the rows that a count is about, as many are looked at. */
    private static final long MOST_COUNTED = 1_000;

    /** The same read, versioned where both sides can. */
    public static VersionedRead of(Read read, @Nullable Catalog authority, @Nullable Catalog shadow) {
        Relation one = Reading.relation(read, authority);
        Relation other = Reading.relation(read, shadow);
        if (one == null || other == null || !HEAPS.contains(one.kind()) || !HEAPS.contains(other.kind())) {
            return new VersionedRead(read, false, false);
        }
        List<String> key = Reading.sharedKey(one, other);
        Query query = read.query();
        List<SelectItem> select = new ArrayList<>(read.answer().body() ? query.select() : List.of());
        for (int i = 0; i < key.size(); i++) {
            select.add(column(key.get(i), KEY + i, null));
        }
        select.add(column("xmin", VERSION, "text"));
        select.add(column("ctid", PLACE, "text"));
        if (read.answer().body()) {
            Query versioned = new Query(select, query.filters(), query.order(), query.limit(), query.offset());
            return new VersionedRead(new Read(read.repository(), read.caller(), versioned, read.answer()), false, true);
        }
        List<OrderTerm> order = key.stream()
                .map(name -> new OrderTerm(null, Field.of(name), null, null))
                .toList();
        Answer counted = new Answer(Answer.Shape.ARRAY, false, true, false, Answer.Count.EXACT, null);
        Query versioned = new Query(select, query.filters(), order, MOST_COUNTED, 0);
        return new VersionedRead(new Read(read.repository(), read.caller(), versioned, counted), true, true);
    }

    /** How its answers are to be understood. The order of rows that are only counted is our own. */
    public Reading reading(
            @Nullable Catalog authority, @Nullable Catalog shadow, CompareSettings rules, Set<String> noise) {
        Reading reading = Reading.of(read, authority, shadow, rules, noise);
        return counting ? reading.inAnyOrder() : reading;
    }

    /** Whether the answer shows the version of every row that it depends on. */
    public boolean covers(Said said) {
        return versioned && (said.total() < 0 || said.rows() == said.total());
    }

    private static SelectItem.Column column(String name, String alias, @Nullable String cast) {
        return new SelectItem.Column(Field.of(name), alias, cast, null, null);
    }
}
