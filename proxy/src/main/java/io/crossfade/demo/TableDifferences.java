package io.crossfade.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;

/** Compares two databases row by row: the number of rows of each table, and a checksum over all of their values. */
final class TableDifferences {
    /** The names come quoted. Ordered by key where there is one; rows without a key are ordered by what they hold. */
    private static final String TABLES = """
            SELECT quote_ident(c.relname),
                   (SELECT string_agg('t.' || quote_ident(a.attname), ', ' ORDER BY k.position)
                    FROM pg_constraint p, unnest(p.conkey) WITH ORDINALITY AS k (attnum, position)
                         JOIN pg_attribute a ON a.attnum = k.attnum
                    WHERE p.conrelid = c.oid AND p.contype = 'p' AND a.attrelid = c.oid)
            FROM pg_class c
            WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'""";

    private TableDifferences() {}

    /** The tables that only one side has, or that do not hold the same rows; none where both sides are equal. */
    static List<String> between(DataSource legacy, DataSource target) {
        CompletableFuture<Map<String, String>> ofTarget =
                CompletableFuture.supplyAsync(() -> sums(target), task -> new Thread(task, "compare-target").start());
        Map<String, String> ofLegacy = sums(legacy);
        return differing(ofLegacy, ofTarget.join());
    }

    /** The names of all tables, quoted where they have to be. */
    static Set<String> tables(DataSource database) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            return orders(statement).keySet();
        } catch (SQLException failure) {
            throw new DemoFailure("the tables could not be listed: " + failure.getMessage(), failure);
        }
    }

    private static List<String> differing(Map<String, String> one, Map<String, String> other) {
        SortedSet<String> tables = new TreeSet<>(one.keySet());
        tables.addAll(other.keySet());
        return tables.stream()
                .filter(table -> !Objects.equals(one.get(table), other.get(table)))
                .toList();
    }

    private static Map<String, String> sums(DataSource database) {
        Map<String, String> sums = new TreeMap<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET TimeZone = 'UTC'");
            for (Map.Entry<String, String> table : orders(statement).entrySet()) {
                sums.put(table.getKey(), sum(statement, table.getKey(), table.getValue()));
            }
            return sums;
        } catch (SQLException failure) {
            throw new DemoFailure("the two databases could not be compared: " + failure.getMessage(), failure);
        }
    }

    /** The tables, each with what orders its rows. */
    private static Map<String, String> orders(Statement statement) throws SQLException {
        Map<String, String> orders = new TreeMap<>();
        try (ResultSet tables = statement.executeQuery(TABLES)) {
            while (tables.next()) {
                String key = tables.getString(2);
                orders.put(tables.getString(1), key == null ? "t::text" : key);
            }
        }
        return orders;
    }

    private static String sum(Statement statement, String table, String order) throws SQLException {
        try (ResultSet sum = statement.executeQuery("SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY " + order
                + ")) FROM public." + table + " AS t")) {
            return sum.next() ? sum.getLong(1) + " " + sum.getString(2) : "";
        }
    }
}
