package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.observation.Observation.DeadLettered;
import io.crossfade.observation.Observation.WriteMismatch;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rows that the shadow refuses. */
class DeadLettersTest {
    private ReplayFixture sides;

    @AfterEach
    void close() {
        sides.close();
    }

    @Test
    void aLetterWhoseKeyHasAnotherTextNowGoesWithItsRow() {
        sides = ReplayFixture.withTables(
                "CREATE TABLE t (k numeric PRIMARY KEY, v text)",
                "CREATE TABLE t (k numeric PRIMARY KEY, v varchar(3))");
        Replayer replayer = sides.start();
        sides.authority.execute("INSERT INTO t VALUES (1.0, 'longer')");
        sides.replayed(replayer);
        assertThat(sides.shadow.rows("SELECT key FROM crossfade.dead_letter")).containsExactly("{1.0}");
        sides.authority.execute("UPDATE t SET k = 1.00");
        ReplayFixture.await(
                "the letter has the present text",
                () -> sides.shadow.rows("SELECT key FROM crossfade.dead_letter").equals(List.of("{1.00}")));
        sides.authority.execute("UPDATE t SET k = 1.000, v = 'ok'");
        ReplayFixture.await(
                "no letter is left",
                () -> sides.shadow.number("SELECT count(*) FROM crossfade.dead_letter") == 0
                        && replayer.progress("shop").deadLetters() == 0);
        sides.equal("SELECT k, v FROM t");
    }

    @Test
    void aLetterThatFallsDueWhileABacklogIsTakenInSlicesIsKept() {
        sides = ReplayFixture.withTables(
                "CREATE TABLE t (id integer PRIMARY KEY, v text)",
                "CREATE TABLE t (id integer PRIMARY KEY, v varchar(3))");
        sides.shadow.execute("CREATE FUNCTION at_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " NEW.next_try_at := clock_timestamp() - interval '1 second'; RETURN NEW; END $$;"
                + " CREATE TRIGGER at_once BEFORE INSERT OR UPDATE ON crossfade.dead_letter"
                + " FOR EACH ROW EXECUTE FUNCTION at_once()");
        Replayer replayer = sides.start(ReplayFixture.SETTINGS.withSliceKeys(10));
        sides.authority.execute("INSERT INTO t SELECT i, CASE WHEN i = 1 THEN 'longer' ELSE 'ok' END"
                + " FROM generate_series(1, 100) i");
        sides.replayed(replayer);
        assertThat(sides.shadow.number("SELECT count(*) FROM t")).isEqualTo(99);
        assertThat(sides.shadow.rows("SELECT key FROM crossfade.dead_letter")).containsExactly("{1}");
    }

    @Test
    void aRowThatIsRefusedBlocksNoOtherAndHealsWhenItsKeyChangesAgain() {
        sides = ReplayFixture.withTables(
                "CREATE TABLE t (id bigint PRIMARY KEY, n bigint, tags jsonb)",
                "CREATE TABLE t (id bigint PRIMARY KEY, n integer, tags text[])");
        Replayer replayer = sides.start();
        sides.authority.execute("INSERT INTO t SELECT i, i FROM generate_series(1, 300) i;"
                + "UPDATE t SET n = 5000000000 WHERE id = 77; UPDATE t SET tags = '[\"secret\"]' WHERE id = 200");
        sides.replayed(replayer);
        assertThat(sides.shadow.number("SELECT count(*) FROM t")).isEqualTo(298);
        assertThat(sides.shadow.rows(
                        "SELECT repository, key, sqlstate, problem FROM crossfade.dead_letter ORDER BY sqlstate"))
                .containsExactly(
                        "t|{77}|22003|a number is out of range for its column (SQLSTATE 22003), column n (bigint to integer)",
                        "t|{200}|22P02|a value does not fit the type of its column (SQLSTATE 22P02), column tags (jsonb to text[])");
        assertThat(replayer.progress("shop").deadLetters()).isEqualTo(2);
        sides.authority.execute("UPDATE t SET n = 5 WHERE id = 77; DELETE FROM t WHERE id = 200");
        sides.replayed(replayer);
        assertThat(sides.shadow.number("SELECT n FROM t WHERE id = 77")).isEqualTo(5);
        assertThat(sides.shadow.number("SELECT count(*) FROM crossfade.dead_letter"))
                .isZero();
        assertThat(replayer.progress("shop").deadLetters()).isZero();
        assertThat(sides.observed(DeadLettered.class)).isTrue();
    }

    @Test
    void aRowThatIsRefusedIsTriedAgainByItself() {
        sides = ReplayFixture.withTables(
                "CREATE TABLE t (id integer PRIMARY KEY, v text)",
                "CREATE TABLE t (id integer PRIMARY KEY, v text CONSTRAINT short CHECK (length(v) < 3))");
        Replayer replayer = sides.start();
        sides.authority.execute("INSERT INTO t VALUES (1, 'longer')");
        sides.replayed(replayer);
        assertThat(sides.shadow.value("SELECT problem FROM crossfade.dead_letter"))
                .isEqualTo("a check refuses it, table t, constraint short (SQLSTATE 23514)");
        sides.shadow.execute("ALTER TABLE t DROP CONSTRAINT short");
        ReplayFixture.await("the row arrives", () -> sides.shadow.number("SELECT count(*) FROM t") == 1);
        ReplayFixture.await(
                "the letter is gone", () -> sides.shadow.number("SELECT count(*) FROM crossfade.dead_letter") == 0);
    }

    @Test
    void rowsThatAreRefusedLeaveGoodOnesOfTheSameSwapInPlace() {
        sides = ReplayFixture.withTables(
                "CREATE TABLE t (id integer PRIMARY KEY, u integer UNIQUE, v text)",
                "CREATE TABLE t (id integer PRIMARY KEY, u integer UNIQUE, v varchar(3))");
        Replayer replayer = sides.start();
        sides.authority.execute("INSERT INTO t SELECT i, i, 'v' FROM generate_series(1, 8) i");
        sides.replayed(replayer);
        sides.authority.execute(
                "BEGIN; UPDATE t SET u = -u; UPDATE t SET u = 9 + u; UPDATE t SET v = 'too long' WHERE id = 8;"
                        + "UPDATE t SET u = 100 WHERE id = 8; UPDATE t SET u = 200 WHERE id = 1; COMMIT");
        sides.replayed(replayer);
        assertThat(sides.shadow.number("SELECT count(*) FROM crossfade.dead_letter"))
                .isEqualTo(1);
        sides.equal("SELECT id, u, v FROM t WHERE id < 8 ORDER BY id");
    }

    @Test
    void whatTheShadowMakesOfARowIsComparedWithWhatWasWritten() {
        sides = ReplayFixture.withTables("CREATE TABLE t (id integer PRIMARY KEY, a text, b text)", """
                CREATE TABLE t (id integer PRIMARY KEY, a text, b text);
                CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN NEW.b := upper(NEW.b); RETURN NEW; END $$;
                CREATE TRIGGER spoil BEFORE INSERT OR UPDATE ON t FOR EACH ROW EXECUTE FUNCTION spoil();
                ALTER TABLE t ENABLE ALWAYS TRIGGER spoil""");
        Replayer replayer = sides.start();
        sides.authority.execute("INSERT INTO t VALUES (1, 'x', 'y')");
        sides.replayed(replayer);
        ReplayFixture.await(
                "the insert is told", () -> sides.observations.remove(new WriteMismatch("t", List.of("b"))));
        sides.authority.execute("UPDATE t SET a = 'z'");
        sides.replayed(replayer);
        ReplayFixture.await(
                "the update is told", () -> sides.observations.remove(new WriteMismatch("t", List.of("b"))));
    }
}
