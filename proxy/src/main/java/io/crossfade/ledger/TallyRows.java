package io.crossfade.ledger;

import io.crossfade.sides.Database;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The rows of {@code crossfade.tally} on one side. */
final class TallyRows {
    /** Sets and never adds, so that a batch whose answer was lost can be sent again; an older state changes nothing. */
    private static final String WRITE = """
            INSERT INTO crossfade.tally AS t (book, period, instance, key_hash, key, weight, numbers)
            SELECT $1, e.period, $2::text::uuid, md5(e.key)::uuid, e.key, e.weight, e.numbers
            FROM jsonb_to_recordset($3::text::jsonb) AS e(period timestamptz, key text, weight bigint, numbers jsonb)
            ORDER BY e.period, e.key
            ON CONFLICT (book, period, instance, key_hash) DO UPDATE
              SET weight = excluded.weight, numbers = excluded.numbers
              WHERE t.weight < excluded.weight""";

    private static final String PRUNE = """
            DELETE FROM crossfade.tally WHERE book = $1 AND (period < $2 OR (period, instance, key_hash) IN (
              SELECT period, instance, key_hash FROM crossfade.tally WHERE book = $1
              ORDER BY period DESC, instance, key_hash OFFSET $3))""";

    private static final String READ = """
            SELECT instance::text, period, key, weight, numbers::text
            FROM crossfade.tally WHERE book = $1 AND period >= $2""";

    private TallyRows() {}

    static Future<Void> write(Database side, Book book, String instance, String entries) {
        return side.run(WRITE, Tuple.of(book.name(), instance, entries), true).mapEmpty();
    }

    static Future<Void> prune(Database side, Book book, Instant oldest) {
        return side.run(PRUNE, Tuple.of(book.name(), oldest.atOffset(ZoneOffset.UTC), (long) book.mostRows()), true)
                .mapEmpty();
    }

    static Future<RowSet<Row>> read(Database side, Book book, Instant since) {
        return side.run(READ, Tuple.of(book.name(), since.atOffset(ZoneOffset.UTC)), true);
    }

    /** Takes a while where there are many. */
    static List<Line> lines(RowSet<Row> rows) {
        List<Line> lines = new ArrayList<>();
        for (Row row : rows) {
            lines.add(new Line(
                    row.getString(0),
                    row.getOffsetDateTime(1).toInstant(),
                    new JsonArray(row.getString(2))
                            .stream().map(String::valueOf).collect(Collectors.toList()),
                    row.getLong(3),
                    new JsonObject(row.getString(4))));
        }
        return lines;
    }
}
