package io.crossfade.shadow.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.WriteMismatch;
import io.crossfade.observation.WrittenRow;
import io.crossfade.shadow.replay.CopySession.CopyException;
import io.crossfade.shadow.replay.Differences.Found;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Where rows came out differently than they were written, asks for a few of them once more, in the same transaction, with
 * what was written and what is stored. The statements that write tell of columns alone, so that they carry no row back.
 *
 * <p>A sample is worth less than the rows: where the question fails or takes long, the transaction goes on without.
 *
 * <p>Threads: whoever holds the group at the moment.
 */
final class Samples {
    /** What is waited for is an answer, and that it comes too late must not end the session. */
    private static final String SAVE = """
            SAVEPOINT crossfade_sample;
            SELECT set_config('statement_timeout', least(setting::integer / 4, 1000)::text, true) FROM pg_settings
            WHERE name = 'statement_timeout'""";

    /** Also takes the time limit back. */
    private static final String BACK = "ROLLBACK TO SAVEPOINT crossfade_sample; RELEASE SAVEPOINT crossfade_sample";

    private final Side shadow;
    private final Pauses<Asked> pauses;

    /** @param shadow the side that is written to */
    Samples(Side shadow, LongSupplier nanos) {
        this.shadow = shadow;
        this.pauses = new Pauses<>(nanos);
    }

    /** What there is to tell, of each table with a few rows where it is time to ask for some. */
    List<WriteMismatch> of(Differences differences, Session session) {
        return mismatches(differences, (table, found) -> ask(session, table, found));
    }

    /** The same of rows that lie on the stage. */
    List<WriteMismatch> of(Differences differences, CopySession session) {
        return mismatches(differences, (table, found) -> ask(session, table));
    }

    private List<WriteMismatch> mismatches(Differences differences, Question question) {
        List<WriteMismatch> mismatches = new ArrayList<>();
        differences.byTable().forEach((table, found) -> {
            Asked asked = new Asked(table, Set.copyOf(found.columns()));
            List<WrittenRow> rows = new ArrayList<>();
            if (pauses.areOver(asked)) {
                long since = pauses.now();
                question.ask(table, found).forEach(answer -> rows.add(row(table, answer)));
                pauses.begin(asked, since);
            }
            Set<String> columns = new TreeSet<>();
            found.columns()
                    .forEach(place -> columns.add(table.columns().get(place).name()));
            mismatches.add(new WriteMismatch(table.repository(), List.copyOf(columns), shadow, rows));
        });
        return mismatches;
    }

    private static List<@Nullable String[]> ask(Session session, Table table, Found found) {
        Future<RowSet<Row>> saved = session.send(SAVE);
        Future<RowSet<Row>> answer = session.send(SampleSql.ofTexts(table), RowWriter.columns(table, found.rows()));
        Future<RowSet<Row>> back = session.send(BACK);
        session.await(saved);
        List<@Nullable String[]> rows = new ArrayList<>();
        try {
            for (Row row : session.await(answer)) {
                rows.add(new @Nullable String[] {row.getString(0), row.getString(1), row.getString(2), row.getString(3)
                });
            }
        } catch (PgException e) {
            rows.clear();
        }
        session.await(back);
        return rows;
    }

    private static List<@Nullable String[]> ask(CopySession session, Table table) {
        session.run(SAVE);
        List<@Nullable String[]> rows;
        try {
            rows = session.query(SampleSql.ofStage(table));
        } catch (CopyException e) {
            if (!e.isAnAnswer()) {
                throw e;
            }
            rows = List.of();
        }
        session.run(BACK);
        return rows;
    }

    private static WrittenRow row(Table table, @Nullable String[] answer) {
        Set<Integer> different = Differences.places(Objects.requireNonNull(answer[0]));
        JsonArray keys = new JsonArray(answer[1]);
        ObjectNode key = JsonNodeFactory.instance.objectNode();
        for (int i = 0; i < table.key().size(); i++) {
            Pair column = table.columns().get(table.key().get(i));
            key.set(column.name(), value(column, keys.getString(i)));
        }
        return new WrittenRow(
                key,
                image(table, different, new JsonArray(answer[2])),
                image(table, different, new JsonArray(answer[3])));
    }

    private static JsonNode image(Table table, Set<Integer> different, JsonArray texts) {
        ObjectNode image = JsonNodeFactory.instance.objectNode();
        for (int place : different) {
            Pair column = table.columns().get(place);
            image.set(column.name(), value(column, texts.getString(place)));
        }
        return image;
    }

    /** Booleans are told as such, because the length of their text is as good as the value. */
    private static JsonNode value(Pair column, @Nullable String text) {
        if (text == null) {
            return JsonNodeFactory.instance.nullNode();
        }
        boolean isBoolean =
                column.from().base().equals("boolean") || column.to().base().equals("boolean");
        return isBoolean && (text.equals("true") || text.equals("false"))
                ? JsonNodeFactory.instance.booleanNode(text.equals("true"))
                : JsonNodeFactory.instance.textNode(text);
    }

    /** Rows of one table in which these columns differ. */
    private record Asked(Table table, Set<Integer> columns) {}

    /** The two ways of asking: of each row the four texts of {@link SampleSql}. */
    @FunctionalInterface
    private interface Question {
        List<@Nullable String[]> ask(Table table, Found found);
    }
}
