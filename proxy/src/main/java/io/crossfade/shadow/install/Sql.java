package io.crossfade.shadow.install;

import io.crossfade.sides.Identifiers;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Texts of SQL, and running them one after the other. */
final class Sql {
    private Sql() {}

    static String resource(String path) {
        try (InputStream in = Sql.class.getResourceAsStream(path)) {
            return new String(Objects.requireNonNull(in, path).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Future<Void> runAll(SqlClient connection, List<String> statements) {
        Future<Void> done = Future.succeededFuture();
        for (String statement : statements) {
            done = done.compose(before -> run(connection, statement));
        }
        return done;
    }

    /** All of them in one round trip, inside a transaction of the caller's. */
    static Future<Void> runTogether(SqlClient connection, List<String> statements) {
        return statements.isEmpty() ? Future.succeededFuture() : run(connection, String.join(";\n", statements));
    }

    static String literal(String text) {
        return Identifiers.literal(text);
    }

    /** Names, for a place that takes no parameters. */
    static String literals(Collection<String> names) {
        return names.stream().map(Identifiers::literal).collect(Collectors.joining(","));
    }

    static Future<Void> run(SqlClient connection, String statement) {
        return connection.query(statement).execute().mapEmpty();
    }
}
