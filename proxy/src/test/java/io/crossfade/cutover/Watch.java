package io.crossfade.cutover;

import io.crossfade.migration.Side;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Looks all the time: on each side the fence is down exactly while its row says that it takes the writes, and never on both.
 * Where one side took writes before and after the other was looked at, and nothing was decided there in between, it took them
 * then, too.
 */
final class Watch implements Callers.Caller {
    /** One statement sees the row and the triggers as they were at one moment. */
    private static final String LOOK = """
            SELECT epoch, authority = '%s' AND moving_to IS NULL AS claims,
                   (SELECT count(*) FROM pg_trigger WHERE tgname = 'crossfade_fence' AND tgenabled = 'A') AS fences
            FROM crossfade.state""";

    private final MoveRig rig;
    private final Accounts accounts;
    private final Map<Side, Connection> sessions = new EnumMap<>(Side.class);

    Watch(MoveRig rig, Accounts accounts) {
        this.rig = rig;
        this.accounts = accounts;
    }

    @Override
    public void call() {
        Seen before = look(Side.LEGACY);
        Seen there = look(Side.TARGET);
        Seen after = look(Side.LEGACY);
        if (before != null && there != null && before.equals(after) && before.open() && there.open()) {
            accounts.fail("both sides take writes: legacy " + before + ", target " + there);
        }
    }

    /** Null where the side is away. */
    private @Nullable Seen look(Side side) {
        try {
            Connection open = sessions.get(side);
            if (open == null) {
                open = rig.session(side);
                sessions.put(side, open);
            }
            try (Statement statement = open.createStatement();
                    ResultSet rows = statement.executeQuery(LOOK.formatted(side.label()))) {
                rows.next();
                Seen seen = new Seen(rows.getLong(1), rows.getBoolean(2), rows.getInt(3));
                if (seen.fences() != (seen.claims() ? 0 : MoveRig.TABLES.size())) {
                    accounts.fail("the fence and the row of " + side.label() + " do not agree: " + seen);
                }
                return seen;
            }
        } catch (SQLException away) {
            close(sessions.remove(side));
            LockSupport.parkNanos(5_000_000);
            return null;
        }
    }

    private static void close(@Nullable Connection broken) {
        try {
            if (broken != null) {
                broken.close();
            }
        } catch (SQLException alreadyGone) {
            LockSupport.parkNanos(1);
        }
    }

    private record Seen(long epoch, boolean claims, int fences) {
        boolean open() {
            return fences == 0;
        }
    }
}
