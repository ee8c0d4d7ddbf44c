package io.crossfade.cli;

import io.crossfade.settings.SideSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.util.concurrent.TimeUnit;

/** Asks a database once whether it is there, for the person who watches the start. Never fails. */
final class SideProbe {
    private static final int SECONDS = 5;

    private SideProbe() {}

    /** A phrase such as {@code answers (PostgreSQL 15.18)} or {@code does not answer: connection refused}. */
    static Future<String> ask(Vertx vertx, SideSettings side) {
        return PgConnection.connect(vertx, side.connection())
                .compose(SideProbe::version)
                .timeout(SECONDS, TimeUnit.SECONDS)
                .map(version -> "answers (PostgreSQL " + version + ")")
                .otherwise(failure -> "does not answer: " + StartFailure.reason(failure));
    }

    private static Future<String> version(PgConnection connection) {
        return connection
                .query("SHOW server_version")
                .execute()
                .map(rows -> rows.iterator().next().getString(0))
                .eventually(connection::close);
    }
}
