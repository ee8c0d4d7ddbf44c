package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A batch proves its token before it writes anything, and holds it until it has committed. Nothing else stands in the way
 * of an old leader here: these tables have no fence.
 */
class TokenTest {
    /** Every write of replay, with the token that it was made under. */
    private static final String TRACE = """
            CREATE TABLE trace (id integer, token text);
            CREATE FUNCTION trace() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO public.trace VALUES (NEW.id, current_setting('crossfade.replaying')); RETURN NULL; END $$;
            CREATE TRIGGER trace AFTER INSERT OR UPDATE ON items FOR EACH ROW EXECUTE FUNCTION trace();
            ALTER TABLE items ENABLE ALWAYS TRIGGER trace""";

    private final ReplayFixture sides = ReplayFixture.withTables("CREATE TABLE items (id integer PRIMARY KEY)");

    @AfterEach
    void close() {
        sides.close();
    }

    @Test
    void aLeaderWhoseTokenWasRaisedWritesNothingMore() throws Exception {
        sides.shadow.execute(TRACE);
        Replayer leader = sides.start();
        sides.authority.execute("INSERT INTO items VALUES (1)");
        sides.replayed(leader);
        String token = sides.shadow.value("SELECT token FROM crossfade.replayer");
        try (Connection successor = sides.shadow.session()) {
            successor.setAutoCommit(false);
            execute(successor, "UPDATE crossfade.replayer SET token = token + 1");
            sides.authority.execute("INSERT INTO items VALUES (2)");
            leader.nudge("shop");
            awaitWaiter();
            successor.commit();
        }
        sides.replayed(leader);
        assertThat(sides.shadow.rows("SELECT id FROM trace WHERE token = '" + token + "'"))
                .containsExactly("1");
        assertThat(sides.shadow.rows("SELECT id FROM trace WHERE token <> '" + token + "'"))
                .containsExactly("2");
    }

    @Test
    void nobodyCanRaiseTheTokenInTheMiddleOfABatch() throws Exception {
        Replayer leader = sides.start();
        sides.replayed(leader);
        String raise = "SELECT FROM crossfade.replayer FOR UPDATE NOWAIT";
        try (Connection other = sides.shadow.session();
                Connection successor = sides.shadow.session()) {
            other.setAutoCommit(false);
            execute(other, "LOCK TABLE items IN SHARE MODE");
            sides.authority.execute("INSERT INTO items VALUES (1)");
            leader.nudge("shop");
            awaitWaiter();
            assertThatThrownBy(() -> execute(successor, raise))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            error -> assertThat(error.getSQLState()).isEqualTo("55P03"));
            other.rollback();
        }
        sides.replayed(leader);
        assertThat(sides.shadow.rows("SELECT id FROM items")).containsExactly("1");
    }

    private void awaitWaiter() {
        ReplayFixture.await(
                "the batch waits",
                () -> sides.shadow.number("SELECT count(*) FROM pg_locks AS l JOIN pg_stat_activity AS a USING (pid)"
                                + " WHERE NOT l.granted AND a.datname = current_database()")
                        > 0);
    }

    private static void execute(Connection session, String sql) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(sql);
        }
    }
}
