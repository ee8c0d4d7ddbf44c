package io.crossfade.state;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.call.Operation;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rows of {@code crossfade.state} on one side. Whoever changes a fence does it in the transaction of the change, on
 * the same connection.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class StateRows {
    /** The channel on which every change is told, so that other proxies look at once. */
    public static final String CHANNEL = "crossfade_state";

    /** No table or no schema of that name: capture is not installed on this side. */
    private static final Set<String> NOT_INSTALLED = Set.of("42P01", "3F000");

    private static final String COLUMNS =
            "group_name, epoch, stage, authority, moving_to, rollout, rollout_by_operation, changed_by, reason";

    private static final String VALUES =
            "$1, $2, $3, $4, $5, $6::text::numeric, $7::text::jsonb, $8, $9, clock_timestamp()";

    /** A copy keeps the moment of the decision, so that the histories of both sides say the same. */
    private static final String DECIDED_AT = "coalesce($11::text::timestamptz, clock_timestamp())";

    private static final String SET = """
            SET (epoch, stage, authority, moving_to, rollout, rollout_by_operation, changed_by, reason,
                 changed_at)
              = ($2, $3, $4, $5, $6::text::numeric, $7::text::jsonb, $8, $9, clock_timestamp())""";

    private static final String TELL = " RETURNING pg_catalog.pg_notify('" + CHANNEL + "', group_name), changed_at";

    private static final String READ = """
            SELECT group_name, s.epoch, s.stage, s.moving_to, s.rollout::float8 AS rollout,
                   s.rollout_by_operation::text AS shares, s.changed_by, s.reason, s.changed_at, m.members
            FROM (SELECT group_name, array_agg(name ORDER BY name) AS members
                  FROM crossfade.repository GROUP BY group_name) AS m
                 FULL JOIN crossfade.state AS s USING (group_name)""";

    private static final String FIRST = "INSERT INTO crossfade.state (" + COLUMNS + ", changed_at) VALUES (" + VALUES
            + ") ON CONFLICT (group_name) DO NOTHING" + TELL;

    private static final String CHANGE =
            "UPDATE crossfade.state " + SET + " WHERE group_name = $1 AND epoch = $10" + TELL;

    /**
     * A late copy of an older state must not undo a newer one, and nobody's copy takes the writes from a side that says of
     * itself that it has them: that is for a decision alone.
     */
    private static final String FOLLOW = "INSERT INTO crossfade.state AS mine (" + COLUMNS + ", changed_at) VALUES ("
            + VALUES.replace("clock_timestamp()", DECIDED_AT) + ") ON CONFLICT (group_name) DO UPDATE "
            + SET.replace("clock_timestamp()", DECIDED_AT) + " WHERE mine.epoch < excluded.epoch"
            + " AND NOT (mine.authority <> excluded.authority AND mine.moving_to IS NULL AND mine.authority = $10)"
            + " RETURNING pg_catalog.pg_notify('" + CHANNEL + "', mine.group_name)";

    private StateRows() {}

    /** What this side says; nothing where capture is not installed. */
    public static Future<SideView> read(Statements side) {
        return side.run(READ, Tuple.tuple())
                .map(StateRows::view)
                .recover(error -> isNotInstalled(error)
                        ? Future.succeededFuture(new SideView(Map.of(), Map.of()))
                        : Future.failedFuture(error));
    }

    /** Stores the first state of a group; false where there is one already. */
    public static Future<Boolean> create(Statements side, GroupState first) {
        return side.run(FIRST, parameters(first)).map(StateRows::isChanged);
    }

    /**
     * Stores the next state of a group, if its epoch is still the one expected. The row stays locked until the caller's
     * transaction ends, so that nobody else decides meanwhile.
     *
     * @return false where somebody else was faster
     */
    public static Future<Boolean> compareAndSet(Statements side, long expectedEpoch, GroupState next) {
        return change(side, expectedEpoch, next).map(Objects::nonNull);
    }

    /**
     * The same, and says what was stored: with the moment of the change, by which it is known from another one with the same
     * epoch.
     *
     * @return null where somebody else was faster
     */
    public static Future<@Nullable GroupState> change(Statements side, long expectedEpoch, GroupState next) {
        return side.run(CHANGE, parameters(next).addLong(expectedEpoch))
                .map(answer -> isChanged(answer)
                        ? next.changedAt(answer.iterator().next().getOffsetDateTime("changed_at"))
                        : null);
    }

    /** Notes, in the transaction of a change, that this side takes the writes by it without the other having been asked. */
    public static Future<Void> noteForced(Statements side, String group) {
        return side.run("UPDATE crossfade.state SET forced_xid = txid_current() WHERE group_name = $1", Tuple.of(group))
                .mapEmpty();
    }

    /**
     * Copies to {@code mine} what the other side says of itself; false where this side knows it, knows better, or takes the
     * writes by its own word.
     */
    public static Future<Boolean> follow(Statements at, Side mine, GroupState decided) {
        if (decided.isMoving() || decided.authority() == mine) {
            throw new IllegalArgumentException("only what a side says of itself can be copied to the other");
        }
        @Nullable OffsetDateTime decidedAt = decided.changedAt();
        return at.run(
                        FOLLOW,
                        parameters(decided)
                                .addString(mine.label())
                                .addString(decidedAt == null ? null : decidedAt.toString()))
                .map(StateRows::isChanged);
    }

    /** Whether a failure means that capture is not installed. */
    private static boolean isNotInstalled(Throwable error) {
        return error instanceof DatabaseFailure failure && NOT_INSTALLED.contains(failure.code());
    }

    private static boolean isChanged(RowSet<Row> answer) {
        return answer.rowCount() == 1;
    }

    private static Tuple parameters(GroupState state) {
        JsonObject shares = new JsonObject();
        state.rolloutByOperation().forEach((operation, share) -> shares.put(operation.label(), share));
        @Nullable Side movingTo = state.movingTo();
        return Tuple.tuple()
                .addString(state.group())
                .addLong(state.epoch())
                .addString(state.stage().label())
                .addString(state.authority().label())
                .addString(movingTo == null ? null : movingTo.label())
                .addString(Double.toString(state.rollout()))
                .addString(shares.encode())
                .addString(state.changedBy())
                .addString(state.reason());
    }

    private static SideView view(RowSet<Row> rows) {
        Map<String, GroupState> states = new HashMap<>();
        Map<String, Set<String>> members = new HashMap<>();
        for (Row row : rows) {
            String group = row.getString("group_name");
            if (row.getLong("epoch") != null) {
                states.put(group, state(row));
            }
            String[] named = row.getArrayOfStrings("members");
            members.put(group, named == null ? Set.of() : Set.of(named));
        }
        return new SideView(states, members);
    }

    private static GroupState state(Row row) {
        Map<Operation, Double> shares = new HashMap<>();
        JsonObject stored = new JsonObject(row.getString("shares"));
        stored.fieldNames()
                .forEach(label -> Operation.byLabel(label)
                        .ifPresent(operation -> shares.put(operation, stored.getDouble(label))));
        Stage stage = Stage.byLabel(row.getString("stage")).orElseThrow();
        return new GroupState(
                row.getString("group_name"),
                row.getLong("epoch"),
                stage,
                row.getString("moving_to") == null ? null : stage.authority().other(),
                row.getDouble("rollout"),
                shares,
                row.getString("changed_by"),
                row.getString("reason"),
                row.getOffsetDateTime("changed_at"));
    }

    /**
     * What one side says.
     *
     * @param states by group; a group that was never moved has none
     * @param members the repositories of each group that is installed
     */
    public record SideView(Map<String, GroupState> states, Map<String, Set<String>> members) {
        public SideView {
            states = Map.copyOf(states);
            members = Map.copyOf(members);
        }
    }

    /** Runs one statement: by a pool, or inside the transaction of one connection. */
    @FunctionalInterface
    public interface Statements {
        /** Runs it, with its values bound. */
        Future<RowSet<Row>> run(String sql, Tuple parameters);
    }
}
