package io.crossfade.cutover;

import io.crossfade.shadow.install.Fence;
import io.crossfade.state.GroupState;
import io.crossfade.state.StateRows;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;

/**
 * Changes the state row of one side, and that side's fence with it, in one transaction. The row comes first: whoever finds
 * it changed touches no table.
 */
final class Fences {
    /** Whoever replays towards this side holds an old token from here on. */
    private static final String RAISE_TOKEN = """
            INSERT INTO crossfade.replayer AS r (group_name, token)
            VALUES ($1, 1 + floor(random() * 1e12)::bigint)
            ON CONFLICT (group_name) DO UPDATE SET token = r.token + 1 + floor(random() * 1e12)::bigint""";

    private final Fence fence;

    Fences(Fence fence) {
        this.fence = fence;
    }

    /**
     * Decides: stores the next state if the epoch is the expected one, and brings the fence of this side to what it says.
     *
     * @return fails with {@link TooLateException} where somebody else has decided
     */
    Future<Void> decide(SideSession side, long expectedEpoch, GroupState next, Collection<String> members) {
        return side.inTransaction(connection -> StateRows.compareAndSet(SideSession.on(connection), expectedEpoch, next)
                .compose(stored -> stored
                        ? apply(connection, side, next, members)
                        : Future.failedFuture(new TooLateException(next.group()))));
    }

    /** Copies what the other side says of itself, and brings the fence of this side to what it says. */
    Future<Void> follow(SideSession side, GroupState decided, Collection<String> members) {
        return side.inTransaction(connection -> StateRows.follow(
                        SideSession.on(connection), side.side(), decided)
                .compose(
                        stored -> stored ? apply(connection, side, decided, members) : Future.<Void>succeededFuture()));
    }

    /** Drops lowered fences, at leisure; one that cannot be dropped now harms nobody as long as it sleeps. */
    Future<Void> clear(SideSession side, Collection<String> members) {
        return side.withConnection(connection -> fence.clear(connection, members));
    }

    private Future<Void> apply(
            SqlConnection connection, SideSession side, GroupState state, Collection<String> members) {
        if (state.fences(side.side())) {
            return fence.raise(connection, members, state.authority());
        }
        return connection
                .preparedQuery(RAISE_TOKEN)
                .execute(Tuple.of(state.group()))
                .compose(raised -> fence.lower(connection, members));
    }

    /** Somebody else has decided about the group in the meantime. */
    static final class TooLateException extends RuntimeException {
        TooLateException(String group) {
            super("the state of " + group + " was changed by somebody else");
        }
    }
}
