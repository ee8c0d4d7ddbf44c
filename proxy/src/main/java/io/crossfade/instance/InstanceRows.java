package io.crossfade.instance;

import io.crossfade.instance.Instance.Report;
import io.crossfade.sides.Database;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rows of {@code crossfade.instance} on one side. */
final class InstanceRows {
    /** One round trip. Ages are told by the server's clock, so that no two clocks need to agree. */
    private static final String TELL = """
            WITH mine AS (
              INSERT INTO crossfade.instance (id, address, version, started_at, epoch, as_of, lag_seconds, seen_at)
              VALUES ($1::text::uuid, $2, $3, $4::text::timestamptz, $5, $6::text::jsonb, $7, clock_timestamp())
              ON CONFLICT (id) DO UPDATE SET (epoch, as_of, lag_seconds, seen_at)
                = (excluded.epoch, excluded.as_of, excluded.lag_seconds, excluded.seen_at)),
            forgotten AS (
              DELETE FROM crossfade.instance
              WHERE seen_at < clock_timestamp() - interval '1 hour' AND id <> $1::text::uuid)
            SELECT id::text, address, version, started_at, epoch, as_of::text AS as_of, lag_seconds,
                   extract(epoch FROM clock_timestamp() - seen_at)::float8 AS age
            FROM crossfade.instance WHERE seen_at >= clock_timestamp() - interval '1 hour' AND id <> $1::text::uuid
            ORDER BY seen_at DESC LIMIT 100""";

    private static final String LEAVE = "DELETE FROM crossfade.instance WHERE id = $1::text::uuid";

    private InstanceRows() {}

    /** Writes down how this one is; answers with the others. */
    static Future<List<Instance>> tell(Database side, Instance self) {
        JsonObject asOf = new JsonObject();
        self.report().asOf().forEach((group, moment) -> asOf.put(group, moment.toString()));
        Tuple values = Tuple.tuple()
                .addString(self.id())
                .addString(self.address())
                .addString(self.version())
                .addString(self.startedAt().toString())
                .addLong(self.report().epoch())
                .addString(asOf.encode())
                .addDouble(self.report().lagSeconds());
        return side.run(TELL, values, false).map(rows -> {
            List<Instance> others = new ArrayList<>();
            rows.forEach(row -> others.add(instance(row)));
            return others;
        });
    }

    static Future<Void> leave(Database side, String id) {
        return side.run(LEAVE, Tuple.of(id), false).mapEmpty();
    }

    private static Instance instance(Row row) {
        Map<String, OffsetDateTime> asOf = new HashMap<>();
        new JsonObject(row.getString("as_of"))
                .forEach(group -> asOf.put(group.getKey(), OffsetDateTime.parse(String.valueOf(group.getValue()))));
        return new Instance(
                row.getString("id"),
                row.getString("address"),
                row.getString("version"),
                row.getOffsetDateTime("started_at"),
                new Report(row.getLong("epoch"), asOf, row.getDouble("lag_seconds")),
                row.getDouble("age"),
                false);
    }
}
