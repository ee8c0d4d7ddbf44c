package io.crossfade.gates;

import io.crossfade.migration.Side;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Notes down, for every installed group, that both databases were found equal after its capture had begun. */
public final class EqualSides {
    private static final String DETAIL =
            "All tables of both databases were compared row by row at start, and were equal";

    private static final String GROUPS = """
            SELECT r.group_name, c.generation, array_agg(r.name) AS members
            FROM crossfade.repository AS r JOIN crossfade.capture AS c USING (group_name)
            GROUP BY r.group_name, c.generation""";

    private EqualSides() {}

    /** Fails where a side does not take it. */
    public static Future<Void> note(Sides sides, Facts facts, InstantSource clock) {
        // A database keeps microseconds, and both sides have to say the same.
        OffsetDateTime at = clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
        return sides.find(Side.LEGACY)
                .orElseThrow()
                .run(GROUPS, Tuple.tuple(), true)
                .compose(rows -> {
                    List<Future<Void>> noted = new ArrayList<>();
                    for (Row row : rows) {
                        for (Fact.Kind kind : List.of(Fact.Kind.SCHEMA, Fact.Kind.BACKFILL, Fact.Kind.VERIFY)) {
                            noted.add(facts.record(new Fact(
                                    row.getString("group_name"),
                                    kind,
                                    Set.of(row.getArrayOfStrings("members")),
                                    row.getLong("generation"),
                                    true,
                                    at,
                                    DETAIL)));
                        }
                    }
                    return Future.join(noted).mapEmpty();
                });
    }
}
