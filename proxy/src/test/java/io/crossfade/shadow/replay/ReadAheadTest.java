package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.observation.Observation;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A backlog of two slices, the first of which waits on the shadow while the second was read from the authority. */
class ReadAheadTest {
    private static final String TABLE = "CREATE TABLE items (id integer PRIMARY KEY, name text)";
    private static final String HISTORY = """
            CREATE TABLE history (n bigint GENERATED ALWAYS AS IDENTITY, id integer, name text);
            CREATE FUNCTION remember() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO public.history (id, name) VALUES (NEW.id, NEW.name); RETURN NULL; END $$;
            CREATE TRIGGER remember AFTER INSERT OR UPDATE ON items FOR EACH ROW EXECUTE FUNCTION remember();
            ALTER TABLE items ENABLE ALWAYS TRIGGER remember""";
    private static final String STATES_OF_LAST_ROW = "SELECT name FROM history WHERE id = 150 ORDER BY n";

    private final ReplayFixture sides = ReplayFixture.withTables(TABLE);
    private Replayer replayer;

    ReplaySettings settings() {
        return ReplayFixture.SETTINGS.withSliceKeys(100).withWorkers(1);
    }

    @BeforeEach
    void start() {
        sides.shadow.execute(HISTORY);
        replayer = sides.start(settings());
        sides.replayed(replayer);
    }

    @AfterEach
    void close() {
        sides.close();
    }

    @Test
    void whoAsksAfterASliceWasReadAheadWaitsForALaterOne() throws Exception {
        secondSliceIsReadWhileTheFirstWaits();
        sides.authority.execute("UPDATE items SET name = 'new' WHERE id = 150");
        Future<String> last = replayer.caughtUp("shop").map(done -> "there");
        sides.shadow.execute("COMMIT");
        assertThat(last.await(20, TimeUnit.SECONDS)).isEqualTo("there");
        assertThat(sides.shadow.value("SELECT name FROM items WHERE id = 150")).isEqualTo("new");
        assertThat(sides.shadow.rows(STATES_OF_LAST_ROW)).containsExactly("old", "new");
    }

    @Test
    void whatWasReadAheadIsForgottenWhenTheSliceBeforeItFails() {
        secondSliceIsReadWhileTheFirstWaits();
        sides.authority.execute("UPDATE items SET name = 'new' WHERE id = 150");
        sides.shadow.rows("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted");
        sides.shadow.execute("COMMIT");
        sides.replayed(replayer);
        sides.equal("SELECT * FROM items ORDER BY id");
        assertThat(sides.shadow.rows(STATES_OF_LAST_ROW)).containsExactly("new");
    }

    @Test
    void aTruncationAfterASliceWasReadAheadIsNotUndoneByIt() {
        secondSliceIsReadWhileTheFirstWaits();
        sides.authority.execute("TRUNCATE items; INSERT INTO items VALUES (1, 'after')");
        sides.shadow.execute("COMMIT");
        sides.replayed(replayer);
        assertThat(sides.shadow.rows("SELECT * FROM items")).containsExactly("1|after");
    }

    @Test
    void noRowOfABacklogIsWrittenTwice() {
        sides.authority.execute("INSERT INTO items SELECT i, 'old' FROM generate_series(1, 1000) i");
        sides.replayed(replayer);
        assertThat(sides.shadow.number("SELECT count(*) FROM items")).isEqualTo(1000);
        assertThat(sides.observations.stream()
                        .filter(Observation.Replayed.class::isInstance)
                        .mapToInt(seen -> ((Observation.Replayed) seen).rows())
                        .sum())
                .isEqualTo(1000);
    }

    private void secondSliceIsReadWhileTheFirstWaits() {
        sides.shadow.execute("BEGIN; LOCK TABLE items IN SHARE MODE");
        sides.authority.execute("INSERT INTO items SELECT i, 'old' FROM generate_series(1, 150) i");
        ReplayFixture.await(
                "the first slice waits",
                () -> sides.shadow.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
        // It began before the first slice came to the shadow.
        ReplayFixture.await(
                "the second slice is read",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().endsWith("-ahead")));
    }
}
