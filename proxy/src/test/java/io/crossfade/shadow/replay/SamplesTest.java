package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.DeadLettered;
import io.crossfade.observation.Observation.ReplayFailed;
import io.crossfade.observation.Observation.WriteMismatch;
import io.crossfade.observation.WrittenRow;
import io.crossfade.settings.SideSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of what the shadow makes of a row, a few rows are told with what was written and what is stored, in both ways of replay. */
class SamplesTest {
    private static final ReplaySettings BY_COPY =
            ReplayFixture.SETTINGS.withSliceKeys(10).withCopyKeys(50);
    private static final String TABLE =
            "CREATE TABLE notes (id integer, part text, note text, size integer, done boolean, PRIMARY KEY (id, part))";

    /** Spoils the rows whose part is {@code b}. */
    private static final String SPOIL = """
            CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF NEW.part = 'b' THEN NEW.note := upper(NEW.note); NEW.size := NULL; NEW.done := NOT NEW.done; END IF;
              RETURN NEW; END $$;
            CREATE TRIGGER spoil BEFORE INSERT OR UPDATE ON notes FOR EACH ROW EXECUTE FUNCTION spoil();
            ALTER TABLE notes ENABLE ALWAYS TRIGGER spoil""";

    /** Whether a slice came by COPY. */
    private static final String WITNESS = """
            CREATE TABLE witness (copied boolean);
            CREATE FUNCTION witness() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO public.witness VALUES (current_query() LIKE '%crossfade_stage%'); RETURN NULL; END $$;
            CREATE TRIGGER witness AFTER INSERT OR UPDATE ON notes FOR EACH STATEMENT EXECUTE FUNCTION witness();
            ALTER TABLE notes ENABLE ALWAYS TRIGGER witness""";

    /** A type of the shadow whose values are told by a function, which does something else where a sample is asked for. */
    private static final String TOLD = """
            CREATE TYPE mood AS ENUM ('sad', 'SAD');
            CREATE FUNCTION told(mood) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
              IF current_query() LIKE '%%to_json%%' THEN %s; END IF;
              RETURN CASE WHEN $1 = 'sad' THEN 'sad' ELSE 'SAD' END; END $$;
            CREATE CAST (mood AS text) WITH FUNCTION told(mood);""";

    private static final String MOODS = TABLE.replace("note text", "note mood");

    private ReplayFixture sides;

    @AfterEach
    void close() {
        sides.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theRowIsToldWithItsKeyWithWhatWasWrittenAndWithWhatIsStored(boolean copied) {
        sides = ReplayFixture.withTables(TABLE);
        sides.shadow.execute(SPOIL + ";" + WITNESS);
        Replayer replayer = replayer(copied);
        write("(8, 'a', 'Anna', 1, true), (9, 'b', 'Ben', 2, true)", copied);
        sides.replayed(replayer);
        assertThat(sides.shadow.number("SELECT count(*) FROM witness WHERE copied") > 0)
                .isEqualTo(copied);
        assertThat(mismatches())
                .containsExactly(new WriteMismatch(
                        "notes",
                        List.of("done", "note", "size"),
                        Side.TARGET,
                        List.of(new WrittenRow(
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("id", "9")
                                        .put("part", "b"),
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("note", "Ben")
                                        .put("size", "2")
                                        .put("done", true),
                                JsonNodeFactory.instance
                                        .objectNode()
                                        .put("note", "BEN")
                                        .putNull("size")
                                        .put("done", false)))));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anUpdateOfAnotherTypeIsToldByItsTexts(boolean copied) {
        sides = ReplayFixture.withTables(
                TABLE, TABLE.replace("note text, size integer", "note varchar(90), size bigint"));
        Replayer replayer = replayer(copied);
        write("(9, 'b', 'Ben', 2, NULL)", copied);
        sides.replayed(replayer);
        assertThat(sides.observed(WriteMismatch.class)).isFalse();
        sides.shadow.execute(SPOIL);
        sides.authority.execute("UPDATE notes SET note = 'Bert'");
        sides.replayed(replayer);
        assertThat(told(9))
                .isEqualTo(Map.of(
                        "id",
                        "9",
                        "part",
                        "b",
                        "written",
                        "{\"note\":\"Bert\",\"size\":\"2\"}",
                        "stored",
                        "{\"note\":\"BERT\",\"size\":null}"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rowsAreFewAndAValueOfAMegabyteIsInNone(boolean copied) {
        sides = ReplayFixture.withTables(TABLE);
        sides.shadow.execute(SPOIL);
        Replayer replayer = replayer(copied);
        write("(1, 'b', repeat('x', 1000000), 1, true), (2, 'b', 'x', 1, true)", copied);
        sides.replayed(replayer);
        WriteMismatch mismatch = mismatches().get(0);
        assertThat(mismatch.columns()).containsExactly("done", "note", "size");
        assertThat(mismatch.rows())
                .singleElement()
                .satisfies(row -> assertThat(row.key().path("id").asText()).isEqualTo("2"));
        sides.observations.clear();
        sides.authority.execute("DELETE FROM notes");
        sides.replayed(replayer);
        // Another set of columns, so that it is asked for at once.
        sides.authority.execute("INSERT INTO notes SELECT i, 'b', 'x', NULL, NULL FROM generate_series(1, 100) i");
        sides.replayed(replayer);
        assertThat(mismatches()).allSatisfy(told -> assertThat(told.columns()).containsExactly("note"));
        assertThat(mismatches().get(0).rows()).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "false, RAISE division_by_zero",
        "true, RAISE division_by_zero",
        "false, PERFORM pg_sleep(300)",
        "true, PERFORM pg_sleep(300)"
    })
    void whereItCannotBeAskedForTheRowsAreReplayedAllTheSame(boolean copied, String whenAsked) {
        sides = ReplayFixture.withTables(TABLE, TOLD.formatted(whenAsked) + MOODS);
        sides.shadow.execute(SPOIL.replace("upper(NEW.note)", "'SAD'"));
        Replayer replayer = replayer(copied);
        write("(9, 'b', 'sad', 2, true)", copied);
        sides.replayed(replayer);
        assertThat(mismatches())
                .containsExactly(new WriteMismatch("notes", List.of("done", "note", "size"), Side.TARGET, List.of()));
        assertThat(sides.shadow.rows("SELECT note FROM notes WHERE part = 'b'")).containsExactly("SAD");
        assertThat(sides.observed(DeadLettered.class)).isFalse();
        assertThat(sides.observed(ReplayFailed.class)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aSessionThatEndsWhileItIsAskedLosesNoRow(boolean copied) {
        String once = "IF nextval('public.asked') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF";
        sides = ReplayFixture.withTables(TABLE, "CREATE SEQUENCE asked;" + TOLD.formatted(once) + MOODS);
        sides.shadow.execute(SPOIL.replace("upper(NEW.note)", "'SAD'"));
        Replayer replayer = replayer(copied);
        write("(9, 'b', 'sad', 2, true)", copied);
        ReplayFixture.await(
                "the session ends",
                () -> sides.shadow.value("SELECT is_called FROM asked").equals("t"));
        sides.replayed(replayer);
        assertThat(sides.shadow.number("SELECT count(*) FROM notes"))
                .isEqualTo(sides.authority.number("SELECT count(*) FROM notes"));
        assertThat(told(9)).containsEntry("written", "{\"note\":\"sad\",\"size\":\"2\",\"done\":true}");
    }

    @Test
    void whatDiffersWithEveryRowIsNotAskedForEachTime() {
        sides = ReplayFixture.withTables(TABLE);
        sides.shadow.execute("INSERT INTO notes VALUES (9, 'b', 'BEN', 2, true)");
        AtomicLong now = new AtomicLong();
        Samples samples = new Samples(Side.TARGET, now::get);
        SideSettings authority = SideSettings.at(sides.authority.connectOptions());
        SideSettings shadow = SideSettings.at(sides.shadow.connectOptions());
        try (SessionPair sessions = SessionPair.open(sides.vertx, authority, shadow, Duration.ofSeconds(5))) {
            Table table = Shape.read("shop", sessions.authority(), sessions.shadow())
                    .tables()
                    .get(0);
            Differences differences = new Differences();
            differences.add(
                    table, List.of("2 "), List.of(new RowImage(table, "{9,b}", List.of("9", "b", "Ben", "2", "true"))));
            sessions.shadow().run("BEGIN");
            assertThat(samples.of(differences, sessions.shadow()).get(0).rows()).hasSize(1);
            assertThat(samples.of(differences, sessions.shadow()).get(0).rows()).isEmpty();
            now.addAndGet(Duration.ofSeconds(1).toNanos());
            assertThat(samples.of(differences, sessions.shadow()).get(0).rows()).hasSize(1);
            sessions.shadow().run("ROLLBACK");
        }
    }

    @Test
    void nothingOfARowIsPrinted() {
        sides = ReplayFixture.withTables(TABLE);
        sides.shadow.execute(SPOIL);
        Replayer replayer = sides.start();
        write("(9, 'b', 'Praskovya', 2, true)", false);
        sides.replayed(replayer);
        assertThat(told(9)).containsEntry("stored", "{\"note\":\"PRASKOVYA\",\"size\":null,\"done\":false}");
        assertThat(sides.observations.toString()).contains("note").doesNotContainIgnoringCase("praskovya");
    }

    private Replayer replayer(boolean copied) {
        return sides.start(copied ? BY_COPY : ReplayFixture.SETTINGS);
    }

    /** With rows beside them that nothing is wrong with: so many that they go by COPY. */
    private void write(String rows, boolean copied) {
        sides.authority.execute("INSERT INTO notes VALUES " + rows
                + (copied ? "; INSERT INTO notes SELECT i, 'a', NULL, i, true FROM generate_series(101, 200) i" : ""));
    }

    private List<WriteMismatch> mismatches() {
        ReplayFixture.await("it is told", () -> sides.observed(WriteMismatch.class));
        return sides.observations.stream()
                .filter(WriteMismatch.class::isInstance)
                .map(WriteMismatch.class::cast)
                .toList();
    }

    private Map<String, String> told(int id) {
        Map<String, String> told = new TreeMap<>();
        mismatches().stream()
                .flatMap(mismatch -> mismatch.rows().stream())
                .filter(row -> row.key().path("id").asInt() == id)
                .forEach(row -> {
                    row.key()
                            .properties()
                            .forEach(column ->
                                    told.put(column.getKey(), column.getValue().asText()));
                    told.put("written", row.written().toString());
                    told.put("stored", row.stored().toString());
                });
        return told;
    }
}
