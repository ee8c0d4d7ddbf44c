package io.crossfade.crash;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A session straight to legacy that is opened again when it is lost. One thread. */
final class SqlSession {
    private final CrashRig rig;
    private @Nullable Connection connection;

    SqlSession(CrashRig rig) {
        this.rig = rig;
    }

    /** Runs a script; false where the server is away, and then nobody knows what became of it. */
    boolean run(String sql) {
        try {
            Connection open = connection;
            if (open == null) {
                open = rig.session();
                connection = open;
            }
            CrashRig.execute(open, sql);
            return true;
        } catch (SQLException e) {
            return lost(sql, e);
        }
    }

    /** Whether the query finds a row; null where the server is away. */
    @Nullable
    Boolean finds(String query) {
        try {
            Connection open = connection;
            if (open == null) {
                open = rig.session();
                connection = open;
            }
            try (Statement statement = open.createStatement();
                    ResultSet rows = statement.executeQuery(query)) {
                return rows.next();
            }
        } catch (SQLException e) {
            var unused = lost(query, e);
            return null;
        }
    }

    private boolean lost(String sql, SQLException error) {
        String state = String.valueOf(error.getSQLState());
        // 08: the connection; 57P01 to 57P03: the server stops, crashed or starts. Anything else is a broken test.
        if (!state.startsWith("08") && !state.startsWith("57P")) {
            throw new IllegalStateException(state + " " + error.getMessage() + ": " + sql, error);
        }
        Connection broken = connection;
        connection = null;
        if (broken != null) {
            try {
                broken.close();
            } catch (SQLException alreadyGone) {
                error.addSuppressed(alreadyGone);
            }
        }
        LockSupport.parkNanos(5_000_000);
        return false;
    }
}
