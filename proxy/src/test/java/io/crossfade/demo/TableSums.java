package io.crossfade.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;

/** What the tables of a database hold, small enough to compare. */
final class TableSums {
    private TableSums() {}

    /** The number of rows of each table. */
    static Map<String, Long> counts(DataSource database) throws SQLException {
        Map<String, Long> counts = new TreeMap<>();
        of(database, "count(*)").forEach((table, count) -> counts.put(table, Long.valueOf(count)));
        return counts;
    }

    /** A checksum of all values of each table. */
    static Map<String, String> checksums(DataSource database) throws SQLException {
        return of(database, "md5(string_agg(t::text, chr(10) ORDER BY t::text COLLATE \"C\"))");
    }

    private static Map<String, String> of(DataSource database, String expression) throws SQLException {
        Map<String, String> found = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            for (String table : tables(statement)) {
                try (ResultSet row = statement.executeQuery("SELECT " + expression + " FROM " + table + " t")) {
                    row.next();
                    found.put(table, String.valueOf(row.getString(1)));
                }
            }
        }
        return found;
    }

    private static List<String> tables(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet rows =
                statement.executeQuery("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }
}
