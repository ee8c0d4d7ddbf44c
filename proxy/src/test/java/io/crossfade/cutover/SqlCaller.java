package io.crossfade.cutover;

import io.crossfade.migration.Side;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Transactions past the proxies, as a script would send them that knows both databases: it tries either side first, and goes
 * to the other where the fence refuses it. So it finds every moment in which a side takes writes that should not.
 */
final class SqlCaller implements Callers.Caller {
    private static final String REFUSED = "CF001";

    private final MoveRig rig;
    private final Accounts accounts;
    private final int total;
    private final Random random;
    private final boolean strict;
    private final Map<Side, Connection> sessions = new EnumMap<>(Side.class);

    /** @param total the number of a total that nobody else adds to */
    SqlCaller(MoveRig rig, Accounts accounts, int total, long seed, boolean strict) {
        this.rig = rig;
        this.accounts = accounts;
        this.total = total;
        this.random = new Random(seed);
        this.strict = strict;
    }

    /** One write, on whichever side takes it; both may refuse it, and then it has not happened. */
    @Override
    public void call() {
        String key = UUID.randomUUID().toString();
        Side first = random.nextBoolean() ? Side.LEGACY : Side.TARGET;
        if (!write(key, first) && !write(key, first.other())) {
            LockSupport.parkNanos(2_000_000);
        }
    }

    /** False where it was refused without effect. */
    private boolean write(String key, Side side) {
        boolean sent = false;
        try {
            Connection session = session(side);
            String note = "INSERT INTO notes (key, version) VALUES ('" + key + "', 1)";
            String add = "UPDATE totals SET n = n + 1 WHERE id = " + total;
            boolean notesFirst = random.nextBoolean();
            try (Statement statement = session.createStatement()) {
                statement.execute(notesFirst ? note : add);
                statement.execute(notesFirst ? add : note);
            }
            accounts.attempt(key, 1);
            sent = true;
            session.commit();
            accounts.acknowledge(key, 1);
            accounts.added(total, true);
            return true;
        } catch (SQLException e) {
            if (sent) {
                accounts.added(total, false);
            }
            return !isRefused(e, side) || sent;
        }
    }

    private Connection session(Side side) throws SQLException {
        Connection open = sessions.get(side);
        if (open == null) {
            open = rig.session(side);
            open.setAutoCommit(false);
            sessions.put(side, open);
        }
        return open;
    }

    /** Whether the fence refused it; whatever else went wrong ends the session. */
    private boolean isRefused(SQLException error, Side side) {
        String state = String.valueOf(error.getSQLState());
        if (state.equals(REFUSED) && isRolledBack(side)) {
            return true;
        }
        close(sessions.remove(side));
        // 08: the connection; 57P: the server stops, crashed or starts.
        if (strict || !(state.equals(REFUSED) || state.startsWith("08") || state.startsWith("57P"))) {
            accounts.fail(side.label() + " answered " + state + " " + error.getMessage());
        }
        return false;
    }

    private boolean isRolledBack(Side side) {
        try {
            Objects.requireNonNull(sessions.get(side)).rollback();
            return true;
        } catch (SQLException lost) {
            return false;
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
}
