package io.crossfade.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * The bot's tables and made-up rows, {@code demo/schema.sql} and {@code demo/data.sql}.
 *
 * <p>Every database loaded from them holds the same rows, to the byte.
 */
public final class BotDatabase {
    /** Of the embedded server; names the data directories, because a server refuses those of another version. */
    static final int MAJOR_VERSION = 15;

    private BotDatabase() {}

    /** Loads a database that does not have the tables yet; all of it or, after a failure, nothing. */
    public static void loadInto(DataSource database) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            if (!isLoaded(statement)) {
                statement.execute(text("schema.sql"));
                statement.execute(text("data.sql"));
            }
            connection.commit();
        } catch (SQLException failure) {
            throw new DemoFailure("the demo's rows could not be loaded: " + failure.getMessage(), failure);
        }
    }

    private static boolean isLoaded(Statement statement) throws SQLException {
        try (ResultSet found = statement.executeQuery("SELECT to_regclass('public.clients') IS NOT NULL")) {
            return found.next() && found.getBoolean(1);
        }
    }

    private static String text(String file) {
        try (InputStream resource = BotDatabase.class.getResourceAsStream("/demo/" + file)) {
            if (resource == null) {
                throw new DemoFailure("demo/" + file + " is missing from the program");
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new DemoFailure("demo/" + file + " could not be read: " + failure, failure);
        }
    }
}
