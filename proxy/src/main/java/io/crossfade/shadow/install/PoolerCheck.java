package io.crossfade.shadow.install;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import java.util.concurrent.TimeUnit;

/**
 * Finds out whether a connection is a session. A transaction pooler gives every transaction to another one, where
 * settings, advisory locks and prepared statements of the last are gone.
 *
 * <p>An idle pooler would hide it by giving back the same session each time. So a second connection opens a transaction in
 * between: it either got the session of the first, or the first now has to get another.
 */
final class PoolerCheck {
    private static final int SECONDS = 10;
    private static final String MARK = "SELECT pg_backend_pid(), set_config('crossfade.session', 'kept', false)";
    private static final String ASK = "SELECT pg_backend_pid(), current_setting('crossfade.session', true)";

    private PoolerCheck() {}

    /** Whether transactions of this connection meet different sessions. */
    static Future<Boolean> isPooled(Vertx vertx, PgConnectOptions options, PgConnection connection) {
        return ask(connection, MARK)
                .compose(first -> PgConnection.connect(vertx, options)
                        .compose(other -> Sql.run(other, "BEGIN")
                                .compose(begun -> ask(other, ASK))
                                .compose(second -> ask(connection, ASK)
                                        .map(again -> first.getInteger(0).equals(second.getInteger(0))
                                                || !first.getInteger(0).equals(again.getInteger(0))
                                                || !"kept".equals(again.getString(1)))
                                        // A pooler with a single session to give away lets the first wait for the
                                        // second.
                                        .timeout(SECONDS, TimeUnit.SECONDS)
                                        .otherwise(true))
                                .eventually(() -> Sql.run(other, "ROLLBACK").transform(ended -> other.close()))));
    }

    private static Future<Row> ask(PgConnection connection, String question) {
        return connection.query(question).execute().map(rows -> rows.iterator().next());
    }
}
