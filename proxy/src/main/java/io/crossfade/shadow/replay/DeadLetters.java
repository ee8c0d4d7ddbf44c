package io.crossfade.shadow.replay;

import io.crossfade.sides.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The rows that a shadow would not take, for the operator who has to decide about them. Keys never leave the database: a phone
 * number can be one.
 *
 * <p>Threads: any.
 */
public final class DeadLetters {
    private static final String LIST = """
            SELECT d.id, d.repository, d.sqlstate, d.problem, d.attempts, d.first_failed_at, d.next_try_at,
              (SELECT array_agg(length(k.part) || ' ' ||
                  left(encode(sha256(convert_to(m.secret::text || k.part, 'UTF8')), 'hex'), 8) ORDER BY k.place)
                FROM unnest(d.key::text[]) WITH ORDINALITY AS k(part, place)),
              count(*) OVER ()
            FROM crossfade.dead_letter d CROSS JOIN crossfade.mask m
            WHERE $1::text IS NULL OR d.repository = $1
            ORDER BY d.id LIMIT $2""";

    private static final String RETRY_ALL = """
            WITH again AS (UPDATE crossfade.dead_letter SET next_try_at = now()
              WHERE $1::text IS NULL OR repository = $1 RETURNING repository)
            SELECT repository, count(*) FROM again GROUP BY repository""";

    private final Database shadow;

    public DeadLetters(Database shadow) {
        this.shadow = shadow;
    }

    /**
     * The oldest first.
     *
     * @param repository only this one's, or null for all
     */
    public Future<Page> list(@Nullable String repository, int most) {
        return shadow.run(LIST, Tuple.of(repository, most), true).map(rows -> {
            List<DeadLetter> letters = new ArrayList<>();
            long total = 0;
            for (Row row : rows) {
                letters.add(letter(row));
                total = row.getLong(8);
            }
            return new Page(letters, total);
        });
    }

    /**
     * Has it tried again at the replayer's next look.
     *
     * @return its repository; empty where it is not there any more
     */
    public Future<Optional<String>> retry(long id) {
        return one("UPDATE crossfade.dead_letter SET next_try_at = now() WHERE id = $1 RETURNING repository", id);
    }

    /**
     * Has all of them tried again, or those of one repository.
     *
     * @return how many of each repository
     */
    public Future<Map<String, Long>> retryAll(@Nullable String repository) {
        return shadow.run(RETRY_ALL, Tuple.of(repository), false).map(rows -> {
            Map<String, Long> counts = new TreeMap<>();
            rows.forEach(row -> counts.put(row.getString(0), row.getLong(1)));
            return counts;
        });
    }

    /**
     * Gives the row up: it stays different on the two sides until its key is journalled again.
     *
     * @return its repository; empty where it is not there any more
     */
    public Future<Optional<String>> discard(long id) {
        return one("DELETE FROM crossfade.dead_letter WHERE id = $1 RETURNING repository", id);
    }

    private Future<Optional<String>> one(String sql, long id) {
        return shadow.run(sql, Tuple.of(id), false)
                .map(rows -> rows.size() == 0
                        ? Optional.empty()
                        : Optional.of(rows.iterator().next().getString(0)));
    }

    private static DeadLetter letter(Row row) {
        List<MaskedPart> key = new ArrayList<>();
        for (String part : row.getArrayOfStrings(7)) {
            int space = part.indexOf(' ');
            key.add(new MaskedPart(Integer.parseInt(part.substring(0, space)), part.substring(space + 1)));
        }
        return new DeadLetter(
                row.getLong(0),
                row.getString(1),
                key,
                row.getString(2),
                row.getString(3),
                row.getInteger(4),
                row.getOffsetDateTime(5),
                row.getOffsetDateTime(6));
    }

    /**
     * Some of the dead letters.
     *
     * @param total how many there are
     */
    public record Page(List<DeadLetter> letters, long total) {
        public Page {
            letters = List.copyOf(letters);
        }
    }

    /**
     * One column of a key.
     *
     * @param length in characters
     * @param hash equal for equal values of this database's letters; made with a secret that the database keeps
     */
    public record MaskedPart(int length, String hash) {}

    /**
     * A row that the shadow would not take.
     *
     * @param key the columns of its key in their order
     * @param problem why, free of values
     */
    public record DeadLetter(
            long id,
            String repository,
            List<MaskedPart> key,
            String sqlState,
            String problem,
            int attempts,
            OffsetDateTime firstFailedAt,
            OffsetDateTime nextTryAt) {
        public DeadLetter {
            key = List.copyOf(key);
        }
    }
}
