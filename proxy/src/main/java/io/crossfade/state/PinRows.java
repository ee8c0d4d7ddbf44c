package io.crossfade.state;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.migration.Side;
import io.crossfade.state.StateRows.Statements;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of {@code crossfade.pin} on one side. Threads: any; nothing blocks. */
final class PinRows {
    private static final Set<String> NOT_INSTALLED = Set.of("42P01", "3F000");

    private static final String READ = "SELECT key, side, version, changed_by, changed_at FROM crossfade.pin";

    /** A late copy of an older decision must not undo a newer one; the order is that of {@link Pin#isAfter}. */
    private static final String WRITE = """
            WITH written AS (
              INSERT INTO crossfade.pin AS mine (key, side, version, changed_by, changed_at)
              SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[]::timestamptz[])
              ON CONFLICT (key) DO UPDATE
                SET (side, version, changed_by, changed_at)
                  = (excluded.side, excluded.version, excluded.changed_by, excluded.changed_at)
                WHERE (mine.version, coalesce(mine.side, '') COLLATE "C")
                    < (excluded.version, coalesce(excluded.side, '') COLLATE "C")
              RETURNING 1)
            SELECT pg_catalog.pg_notify('%s', '') WHERE EXISTS (SELECT FROM written)""".formatted(StateRows.CHANNEL);

    private static final String MASK = """
            SELECT length($1::text) || ' characters, hash '
              || left(encode(sha256(convert_to(secret::text || $1::text, 'UTF8')), 'hex'), 8)
            FROM crossfade.mask""";

    private PinRows() {}

    /** Those of this side, by key; none where nothing is installed. */
    static Future<Map<String, Pin>> read(Statements side) {
        return side.run(READ, Tuple.tuple())
                .map(rows -> {
                    Map<String, Pin> pins = new HashMap<>();
                    for (Row row : rows) {
                        pins.put(row.getString("key"), pin(row));
                    }
                    return pins;
                })
                .recover(
                        error -> isNotInstalled(error) ? Future.succeededFuture(Map.of()) : Future.failedFuture(error));
    }

    /** Stores them all at once, but for those that this side knows better. */
    static Future<Void> write(Statements side, Collection<Pin> pins) {
        return side.run(
                        WRITE,
                        Tuple.of(
                                pins.stream().map(Pin::key).toArray(String[]::new),
                                pins.stream().map(PinRows::label).toArray(String[]::new),
                                pins.stream().map(Pin::version).toArray(Long[]::new),
                                pins.stream().map(Pin::changedBy).toArray(String[]::new),
                                pins.stream()
                                        .map(pin -> pin.changedAt().toString())
                                        .toArray(String[]::new)))
                .mapEmpty();
    }

    private static @Nullable String label(Pin pin) {
        Side to = pin.side();
        return to == null ? null : to.label();
    }

    /** What stands for a key where it must not be seen; equal for equal keys. */
    static Future<String> mask(Statements side, String key) {
        return side.run(MASK, Tuple.of(key)).map(rows -> rows.iterator().next().getString(0));
    }

    static boolean isNotInstalled(Throwable error) {
        return error instanceof DatabaseFailure said && NOT_INSTALLED.contains(said.code());
    }

    private static Pin pin(Row row) {
        String side = row.getString("side");
        return new Pin(
                row.getString("key"),
                side == null ? null : side.equals(Side.LEGACY.label()) ? Side.LEGACY : Side.TARGET,
                row.getLong("version"),
                row.getString("changed_by"),
                row.getOffsetDateTime("changed_at"));
    }
}
