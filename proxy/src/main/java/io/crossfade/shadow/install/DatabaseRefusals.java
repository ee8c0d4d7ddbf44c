package io.crossfade.shadow.install;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.List;

/** What keeps a whole database from being captured, whatever tables it has. */
final class DatabaseRefusals {
    private static final int OLDEST = 13;

    private static final String QUERY = """
            SELECT to_regclass('crossfade.undo') IS NOT NULL AS installed,
                   to_regnamespace('crossfade') IS NOT NULL AS taken,
                   has_database_privilege(current_database(), 'CREATE') AS may_create,
                   current_setting('server_version_num')::integer AS version,
                   current_setting('server_version') AS version_name,
                   current_user::text AS role,
                   quote_ident(current_database()) AS database""";

    private DatabaseRefusals() {}

    static Future<Found> of(SqlConnection connection) {
        return connection.query(QUERY).execute().map(rows -> of(rows.iterator().next()));
    }

    private static Found of(Row row) {
        String database = "database " + row.getString("database");
        boolean installed = row.getBoolean("installed");
        boolean tooOld = row.getInteger("version") < OLDEST * 10_000;
        List<Refusal> refusals = new ArrayList<>();
        if (tooOld) {
            refusals.add(new Refusal(
                    database,
                    "PostgreSQL " + row.getString("version_name") + " is too old",
                    "Upgrade it to PostgreSQL " + OLDEST + " or newer."));
        }
        if (!installed && row.getBoolean("taken")) {
            refusals.add(new Refusal(
                    database,
                    "a schema named crossfade is there that Crossfade did not make",
                    "Rename it: ALTER SCHEMA crossfade RENAME TO another_name."));
        } else if (!installed && !row.getBoolean("may_create")) {
            refusals.add(new Refusal(
                    database,
                    "role " + row.getString("role") + " may not create a schema",
                    "Run as the database's owner: GRANT CREATE ON DATABASE " + row.getString("database") + " TO "
                            + row.getString("role") + ";"));
        }
        return new Found(installed, tooOld, refusals);
    }

    /**
     * What is known of a database before its tables.
     *
     * @param installed whether Crossfade's own tables are there
     * @param tooOld whether the server is one that cannot be asked further
     */
    record Found(boolean installed, boolean tooOld, List<Refusal> refusals) {
        Found {
            refusals = List.copyOf(refusals);
        }
    }
}
