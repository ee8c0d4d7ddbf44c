package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.observation.Observation.DeadLettered;
import io.crossfade.testing.TestDatabase;
import io.vertx.pgclient.PgConnectOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Foreign keys and values that may exist only once: with a role that can switch triggers off, and with one that owns
 * the tables and nothing else.
 */
class RelatedRowsTest {
    private static final String TABLES = """
            CREATE TABLE a_parents (id integer PRIMARY KEY, email text UNIQUE, place integer NOT NULL UNIQUE);
            CREATE TABLE "Children" (id integer PRIMARY KEY, name text,
              parent integer REFERENCES a_parents ON DELETE CASCADE DEFERRABLE INITIALLY IMMEDIATE,
              sibling integer REFERENCES "Children" ON DELETE SET NULL DEFERRABLE INITIALLY IMMEDIATE)""";

    private final ReplayFixture sides = ReplayFixture.withTables(TABLES);

    @AfterEach
    void close() {
        sides.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void parentsAndChildrenComeMoveAndGoTogether(boolean superuser) {
        Replayer replayer = start(superuser);
        sides.authority.execute("""
                BEGIN; INSERT INTO a_parents SELECT i, 'e' || i, i FROM generate_series(1, 10) i;
                INSERT INTO "Children" SELECT i, 'c', (i - 1) / 2 + 1, nullif(i - 1, 0) FROM generate_series(1, 20) i; COMMIT""");
        settled(replayer);
        assertThat(sides.shadow.number("SELECT count(*) FROM \"Children\"")).isEqualTo(20);
        sides.authority.execute("""
                BEGIN; INSERT INTO a_parents VALUES (99, 'e99', 99); UPDATE "Children" SET parent = 99 WHERE parent = 3;
                DELETE FROM a_parents WHERE id IN (3, 4); COMMIT""");
        settled(replayer);
        assertThat(sides.shadow.number("SELECT count(*) FROM \"Children\"")).isEqualTo(18);
        sides.authority.execute("DELETE FROM a_parents");
        settled(replayer);
        assertThat(sides.shadow.number("SELECT count(*) FROM \"Children\"")).isZero();
        assertThat(sides.observed(DeadLettered.class)).isFalse();
    }

    /** What is written at the first attempt has one subtransaction; rows that had to be tried singly have several. */
    @Test
    void aChildThatMovesToAnotherParentIsWrittenBeforeItsOldParentGoes() {
        Replayer replayer = start(false);
        sides.shadow.execute("""
                CREATE TABLE gone (id integer);
                CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS
                  $$ BEGIN INSERT INTO public.gone VALUES (OLD.id); RETURN NULL; END $$;
                GRANT ALL ON gone TO plain_owner;
                CREATE TRIGGER gone AFTER DELETE ON "Children" FOR EACH ROW EXECUTE FUNCTION gone()""");
        sides.authority.execute("""
                INSERT INTO a_parents VALUES (1, 'old', 1); INSERT INTO "Children" VALUES (1, 'a', 1), (2, 'b', 1)""");
        settled(replayer);
        sides.authority.execute("""
                BEGIN; INSERT INTO a_parents VALUES (2, 'new', 2); UPDATE "Children" SET parent = 2 WHERE id = 1;
                DELETE FROM a_parents WHERE id = 1; COMMIT""");
        settled(replayer);
        assertThat(sides.shadow.rows("SELECT id FROM gone")).containsExactly("2");
        assertThat(sides.shadow.number("""
                        SELECT count(DISTINCT xmin::text) FROM (SELECT xmin FROM a_parents
                          UNION ALL SELECT xmin FROM "Children" UNION ALL SELECT xmin FROM gone) AS written""")).isEqualTo(1);
        assertThat(sides.observed(DeadLettered.class)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void valuesThatMayExistOnlyOnceChangePlaces(boolean superuser) {
        Replayer replayer = start(superuser);
        sides.authority.execute("INSERT INTO a_parents SELECT i, 'e' || i, i FROM generate_series(1, 6) i");
        settled(replayer);
        sides.authority.execute("""
                BEGIN; UPDATE a_parents SET email = email || '-', place = -place;
                UPDATE a_parents SET email = 'e' || (7 - id), place = 7 - id; COMMIT""");
        settled(replayer);
        sides.authority.execute("""
                BEGIN; DELETE FROM a_parents WHERE id = 1; UPDATE a_parents SET email = 'e6', place = 6 WHERE id = 2;
                INSERT INTO a_parents VALUES (7, 'e5', 5); COMMIT""");
        settled(replayer);
        assertThat(sides.shadow.rows("SELECT id, email, place FROM a_parents WHERE id IN (2, 7) ORDER BY id"))
                .containsExactly("2|e6|6", "7|e5|5");
        assertThat(sides.observed(DeadLettered.class)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCascadeOfTheShadowTakesNothingThatLivesOnTheAuthority(boolean superuser) {
        sides.authority.execute("ALTER TABLE \"Children\" DROP CONSTRAINT \"Children_parent_fkey\"");
        Replayer replayer = start(superuser);
        sides.authority.execute(
                "INSERT INTO a_parents VALUES (1, 'x', 1); INSERT INTO \"Children\" VALUES (1, 'c', 1)");
        settled(replayer);
        sides.authority.execute("DELETE FROM a_parents");
        sides.replayed(replayer);
        sides.equal("SELECT * FROM \"Children\"");
        assertThat(sides.shadow.number("SELECT count(*) FROM \"Children\"")).isEqualTo(1);
        sides.authority.execute("DELETE FROM \"Children\"");
        ReplayFixture.await(
                "the parent follows its child", () -> sides.shadow.number("SELECT count(*) FROM a_parents") == 0);
    }

    private void settled(Replayer replayer) {
        sides.replayed(replayer);
        sides.equal("SELECT * FROM a_parents ORDER BY id");
        sides.equal("SELECT * FROM \"Children\" ORDER BY id");
    }

    private Replayer start(boolean superuser) {
        return superuser
                ? sides.start()
                : sides.start(owner(sides.authority), owner(sides.shadow), ReplayFixture.SETTINGS);
    }

    /** A role that owns the tables and what replay keeps, and is no superuser. */
    private static PgConnectOptions owner(TestDatabase database) {
        database.execute("""
                DO $$ BEGIN CREATE ROLE plain_owner LOGIN PASSWORD 'plain'; EXCEPTION WHEN duplicate_object THEN END $$;
                ALTER TABLE a_parents OWNER TO plain_owner; ALTER TABLE "Children" OWNER TO plain_owner;
                GRANT USAGE ON SCHEMA crossfade TO plain_owner;
                GRANT ALL ON ALL TABLES IN SCHEMA crossfade TO plain_owner;
                GRANT ALL ON ALL SEQUENCES IN SCHEMA crossfade TO plain_owner""");
        return new PgConnectOptions(database.connectOptions())
                .setUser("plain_owner")
                .setPassword("plain");
    }
}
