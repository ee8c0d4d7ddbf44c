package io.crossfade.shadow.replay;

import io.crossfade.sides.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows that a shadow would not take, for the operator who has to decide about them.
 *
 * <p>Threads: any.
 */
public final class DeadLetters {
    private final Database shadow;

    public DeadLetters(Database shadow) {
        this.shadow = shadow;
    }

    /** The oldest first. */
    public Future<List<DeadLetter>> list(int most) {
        return shadow.run("""
                        SELECT id, repository, key, sqlstate, problem, attempts, first_failed_at, next_try_at
                        FROM crossfade.dead_letter ORDER BY id LIMIT $1""", Tuple.of(most), true).map(DeadLetters::letters);
    }

    /** Has it tried again at the replayer's next look. */
    public Future<Boolean> retry(long id) {
        return shadow.run("UPDATE crossfade.dead_letter SET next_try_at = now() WHERE id = $1", Tuple.of(id), true)
                .map(answer -> answer.rowCount() == 1);
    }

    /** Gives the row up: it stays different on the two sides until its key is journalled again. */
    public Future<Boolean> discard(long id) {
        return shadow.run("DELETE FROM crossfade.dead_letter WHERE id = $1", Tuple.of(id), true)
                .map(answer -> answer.rowCount() == 1);
    }

    private static List<DeadLetter> letters(RowSet<Row> rows) {
        List<DeadLetter> letters = new ArrayList<>();
        rows.forEach(row -> letters.add(new DeadLetter(
                row.getLong(0),
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getInteger(5),
                row.getOffsetDateTime(6),
                row.getOffsetDateTime(7))));
        return letters;
    }

    /**
     * A row that the shadow would not take.
     *
     * @param key the text of the {@code text[]} of its key
     * @param problem why, free of values
     */
    public record DeadLetter(
            long id,
            String repository,
            String key,
            String sqlState,
            String problem,
            int attempts,
            OffsetDateTime firstFailedAt,
            OffsetDateTime nextTryAt) {}
}
