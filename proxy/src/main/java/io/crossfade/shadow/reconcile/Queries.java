package io.crossfade.shadow.reconcile;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;

/** Runs one statement on one side: in a transaction of its own, or in the caller's. */
@FunctionalInterface
public interface Queries {
    /** Runs it, with its values bound. */
    Future<RowSet<Row>> run(String sql, Tuple values);
}
