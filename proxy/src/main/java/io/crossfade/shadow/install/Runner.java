package io.crossfade.shadow.install;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;

/** Runs one statement in its own transaction, on a pool or a session. */
@FunctionalInterface
public interface Runner {
    /** Runs it. */
    Future<RowSet<Row>> run(String sql, Tuple values);
}
