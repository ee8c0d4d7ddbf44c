package io.crossfade.audit;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.migration.Side;
import io.crossfade.sides.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rows of {@code crossfade.audit} on one side. */
final class AuditRows {
    private static final int PAGE = 1_000;

    private static final String TELL = "SELECT crossfade.tell_audit($1, $2, $3, $4::text::jsonb, $5)";

    private static final String LIST = """
            SELECT at, operator, kind, group_name, was::text AS was, becomes::text AS becomes, reason, epoch,
                   encode(hash, 'hex') AS hash
            FROM crossfade.audit
            WHERE $1::text IS NULL OR at < $1::text::timestamptz
            ORDER BY at DESC, id DESC LIMIT $2""";

    /** What an entry says, spelt as the database spells it where it is written, but not by a function that is kept there. */
    private static final String LINKS = """
            SELECT id, chain, group_name, epoch, operator, reason, becomes::text AS becomes,
                   (was ->> 'epoch')::bigint AS was_epoch, encode(previous, 'hex') AS previous, encode(hash, 'hex') AS hash,
                   jsonb_build_array(chain, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), operator,
                     group_name, kind, was, becomes, reason, epoch)::text AS told
            FROM crossfade.audit WHERE (chain, id) > ($1, $2) ORDER BY chain, id LIMIT $3""";

    private static final String EPOCHS = "SELECT group_name, epoch FROM crossfade.state";

    /** No table, no schema, no function of that name. */
    private static final Set<String> NOT_INSTALLED = Set.of("42P01", "3F000", "42883");

    private final Database database;

    AuditRows(Database database) {
        this.database = database;
    }

    Side side() {
        return database.side();
    }

    Future<Void> tell(String operator, @Nullable String group, String kind, String becomes, String reason) {
        Tuple values = Tuple.tuple()
                .addString(operator)
                .addString(group)
                .addString(kind)
                .addString(becomes)
                .addString(reason);
        return database.run(TELL, values, false).mapEmpty();
    }

    Future<List<AuditEntry>> list(int limit, @Nullable String before) {
        Tuple values = Tuple.tuple().addString(before).addInteger(limit);
        return database.run(LIST, values, true).map(rows -> {
            List<AuditEntry> entries = new ArrayList<>();
            rows.forEach(row -> entries.add(entry(row)));
            return entries;
        });
    }

    private AuditEntry entry(Row row) {
        return new AuditEntry(
                row.getOffsetDateTime("at"),
                row.getString("operator"),
                row.getString("kind"),
                row.getString("group_name"),
                row.getString("was"),
                row.getString("becomes"),
                row.getString("reason"),
                row.getLong("epoch"),
                row.getString("hash"),
                Set.of(database.side()));
    }

    /** The epoch of every group. */
    Future<Map<String, Long>> epochs() {
        return database.run(EPOCHS, Tuple.tuple(), true).map(rows -> {
            Map<String, Long> epochs = new HashMap<>();
            rows.forEach(row -> epochs.put(row.getString("group_name"), row.getLong("epoch")));
            return epochs;
        });
    }

    /** Shows every entry to {@code check}, chain by chain, without holding more than some of them in memory. */
    Future<Void> walk(ChainCheck check) {
        return walk(check, "", 0);
    }

    private Future<Void> walk(ChainCheck check, String chain, long id) {
        Tuple values = Tuple.tuple().addString(chain).addLong(id).addInteger(PAGE);
        return database.run(LINKS, values, true).compose(rows -> {
            @Nullable Link last = null;
            for (Row row : rows) {
                last = link(row);
                check.see(last);
            }
            return last == null || rows.size() < PAGE ? Future.succeededFuture() : walk(check, last.chain(), last.id());
        });
    }

    private static Link link(Row row) {
        return new Link(
                row.getLong("id"),
                row.getString("chain"),
                row.getString("group_name"),
                row.getLong("epoch"),
                row.getLong("was_epoch"),
                row.getString("operator") + "\0" + row.getString("reason") + "\0" + row.getString("becomes"),
                row.getString("told"),
                row.getString("previous"),
                row.getString("hash"));
    }

    static boolean isNotInstalled(Throwable error) {
        return error instanceof DatabaseFailure said && NOT_INSTALLED.contains(said.code());
    }

    /**
     * One entry as a link of its chain.
     *
     * @param wasEpoch of the state before it, null where there was none
     * @param content what both sides have to tell alike
     * @param told all that its hash is over, but for the hash before
     */
    record Link(
            long id,
            String chain,
            @Nullable String group,
            @Nullable Long epoch,
            @Nullable Long wasEpoch,
            String content,
            String told,
            String previous,
            String hash) {}
}
