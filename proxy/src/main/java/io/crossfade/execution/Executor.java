package io.crossfade.execution;

import io.crossfade.call.Answer.Shape;
import io.crossfade.call.Call;
import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.DatabaseFailure;
import io.crossfade.call.Failure;
import io.crossfade.call.Invocation;
import io.crossfade.call.Outcome;
import io.crossfade.call.Read;
import io.crossfade.catalog.Catalog;
import io.crossfade.catalog.Catalogs;
import io.crossfade.catalog.Relation;
import io.crossfade.execution.sql.CallSql;
import io.crossfade.execution.sql.ResultSql;
import io.crossfade.execution.sql.Statement;
import io.crossfade.migration.Side;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Runs a call on one side, in one round trip and one transaction (a function that must not write takes three round
 * trips). A write that does not meet what its caller insists on is undone by the database itself.
 *
 * <p>Every failure is a {@link Failure}. Threads: any; nothing blocks.
 */
public final class Executor {
    /** What a call fails with when the catalogue is older than the schema: names or types that do not fit any more. */
    private static final Set<String> SUSPICIOUS =
            Set.of("PGRST202", "PGRST204", "PGRST205", "42703", "42804", "42846", "42883", "42P01");

    private static final int ANY_SIZE = 0;

    private final Function<Side, Optional<Database>> databases;
    private final Catalogs catalogs;
    private final int mostBytes;

    public Executor(Sides sides, Catalogs catalogs) {
        this(sides::find, catalogs, ANY_SIZE);
    }

    private Executor(Function<Side, Optional<Database>> databases, Catalogs catalogs, int mostBytes) {
        this.databases = databases;
        this.catalogs = catalogs;
        this.mostBytes = mostBytes;
    }

    /**
     * One that reads to compare, on connections of its own that cannot write.
     *
     * @param mostBytes the largest body; a larger one stays in the database, and the read fails with {@link AnswerTooLarge}
     */
    public static Executor forComparing(Sides sides, Catalogs catalogs, int mostBytes) {
        return new Executor(sides::comparing, catalogs, mostBytes);
    }

    /** What that side says to the call. */
    public Future<Outcome> execute(Call call, Side side) {
        Database database = databases.apply(side).orElse(null);
        if (database == null) {
            return Future.failedFuture(
                    new CallFailure(Code.CF503, "There is no " + side.label() + " database.", null, null));
        }
        return execute(call, database).onFailure(error -> {
            if (error instanceof Failure failure && SUSPICIOUS.contains(failure.code())) {
                catalogs.suspect(database);
            }
        });
    }

    private Future<Outcome> execute(Call call, Database database) {
        try {
            Catalog catalog = catalogs.of(database.side());
            Future<Outcome> outcome = call instanceof Invocation invocation
                    ? invoke(invocation, CallSql.function(invocation, catalog), database)
                    : run(call, catalog, database);
            return outcome.recover(error -> Future.failedFuture(undone(call, error)));
        } catch (Failure failure) {
            return Future.failedFuture(failure);
        }
    }

    private Future<Outcome> run(Call call, Catalog catalog, Database database) {
        Statement rendered = CallSql.render(call, catalog);
        Statement statement = mostBytes == ANY_SIZE ? rendered : rendered.withBodyOfAtMost(mostBytes);
        Future<RowSet<Row>> rows = call instanceof Read read && couldWrite(read, catalog)
                ? database.runReadOnly(statement.text(), statement.parameters())
                : database.run(statement.text(), statement.parameters(), call instanceof Read);
        return rows.map(row -> outcome(call, row, Outcome.Kind.ROWS));
    }

    /** A view can call a function that writes; PostgREST reads in a transaction that forbids it. */
    private static boolean couldWrite(Read read, Catalog catalog) {
        Relation relation =
                catalog.relation(read.repository().schema(), read.repository().relation());
        return relation != null && relation.kind() == Relation.Kind.VIEW;
    }

    private static Future<Outcome> invoke(
            Invocation invocation, io.crossfade.catalog.Function function, Database database) {
        Statement statement = CallSql.render(invocation, function);
        Outcome.Kind kind = switch (function.returns()) {
            case NOTHING -> Outcome.Kind.VOID;
            case SCALAR -> Outcome.Kind.VALUE;
            case ROW -> Outcome.Kind.ROWS;
        };
        // Whatever it claims to be: a stable function may call a volatile one (PostgreSQL manual, 38.7).
        Future<RowSet<Row>> rows = invocation.readOnly()
                ? database.runReadOnly(statement.text(), statement.parameters())
                : database.run(statement.text(), statement.parameters(), false);
        return rows.map(row -> outcome(invocation, row, kind));
    }

    private static Outcome outcome(Call call, RowSet<Row> rows, Outcome.Kind kind) {
        Row row = rows.iterator().next();
        long count = row.getLong(Statement.ROWS);
        if (call instanceof Read && call.answer().shape() == Shape.OBJECT && count != 1) {
            throw notOneRow(count);
        }
        Buffer body = row.getBuffer(Statement.BODY);
        if (body == null) {
            throw new AnswerTooLarge();
        }
        return new Outcome(
                body,
                count,
                row.getLong(Statement.TOTAL),
                row.getLong(Statement.INSERTED),
                row.getString(Statement.LOCATION),
                kind);
    }

    /** The failure that the caller should see in place of the one by which the database undid the call. */
    private static Throwable undone(Call call, Throwable error) {
        Long rows = error instanceof DatabaseFailure failure ? ResultSql.abortedWithRows(failure.message()) : null;
        if (rows == null) {
            return error;
        }
        return call.answer().shape() == Shape.OBJECT ? notOneRow(rows) : tooManyRows(rows);
    }

    private static CallFailure notOneRow(long rows) {
        return new CallFailure(
                Code.PGRST116,
                "Cannot coerce the result to a single JSON object",
                "The result contains " + rows + " rows",
                null);
    }

    private static CallFailure tooManyRows(long rows) {
        return new CallFailure(
                Code.PGRST124,
                "Query result exceeds max-affected preference constraint",
                "The query affects " + rows + " rows",
                null);
    }
}
