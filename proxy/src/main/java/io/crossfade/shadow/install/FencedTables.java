package io.crossfade.shadow.install;

import io.crossfade.shadow.install.FencedTable.Trigger;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Reads what a fence has to know of its tables, in the order in which their locks are taken. Threads: any. */
final class FencedTables {
    private static final String QUERY = Sql.resource("/install/fence.sql");

    private FencedTables() {}

    /** Those of these repositories, as they are for the transaction of this connection. */
    static Future<List<FencedTable>> of(SqlConnection connection, Collection<String> repositories) {
        return connection
                .preparedQuery(QUERY)
                .execute(Tuple.of(repositories.toArray(String[]::new)))
                .map(FencedTables::read);
    }

    private static List<FencedTable> read(RowSet<Row> rows) {
        List<FencedTable> tables = new ArrayList<>();
        for (Row row : rows) {
            List<Trigger> fences = new ArrayList<>();
            List<Trigger> users = new ArrayList<>();
            String[] names = row.getArrayOfStrings("trigger_names");
            for (int i = 0; i < names.length; i++) {
                Trigger trigger = new Trigger(
                        row.getArrayOfStrings("trigger_relations")[i],
                        names[i],
                        row.getArrayOfStrings("trigger_states")[i]);
                if (row.getArrayOfBooleans("trigger_fence")[i]) {
                    fences.add(trigger);
                } else if (!trigger.enabled().equals("DISABLE")) {
                    users.add(trigger);
                }
            }
            tables.add(new FencedTable(
                    row.getString("name"),
                    row.getString("relation"),
                    row.getBoolean("partitioned"),
                    List.of(row.getArrayOfStrings("partitions")),
                    fences,
                    users));
        }
        return tables;
    }
}
