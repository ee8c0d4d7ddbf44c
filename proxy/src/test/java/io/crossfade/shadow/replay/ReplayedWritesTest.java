package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.observation.Observation.DeadLettered;
import io.crossfade.observation.Observation.WriteMismatch;
import io.crossfade.testing.TestDatabase;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every way in which rows change on the authority, and what the shadow holds afterwards. */
class ReplayedWritesTest {
    /** How the replayer paces itself, which decides in which way the rows travel. */
    ReplaySettings settings() {
        return ReplayFixture.SETTINGS;
    }

    private ReplayFixture sides;

    @AfterEach
    void close() {
        sides.close();
    }

    @Test
    void moreTruncationsThanOneBatchTakesAreNoWholeState() throws Exception {
        String tables = "CREATE TABLE a (id integer PRIMARY KEY); CREATE TABLE b (id integer PRIMARY KEY);"
                + " INSERT INTO b VALUES (1)";
        sides = ReplayFixture.withTables(tables);
        sides.authority.execute("""
                INSERT INTO crossfade.journal (repository, kind, bypass)
                SELECT r.id, 'truncate', false FROM crossfade.repository AS r, generate_series(1, 1000) WHERE r.name = 'a';
                TRUNCATE b""");
        sides.replayed(sides.start(settings()));
        assertThat(sides.shadow.number("SELECT count(*) FROM b")).isZero();
    }

    @Test
    void aResyncThatTakesLongerThanOneAnswerMayGetsDone() {
        String table = "CREATE TABLE t (id integer PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 500)";
        sides = ReplayFixture.withTables(table);
        sides.authority.execute("""
                INSERT INTO crossfade.journal (repository, kind, bypass) SELECT id, 'resync', false FROM crossfade.repository;
                CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$
                  BEGIN PERFORM pg_sleep(0.04); RETURN NEW; END $$;
                CREATE TRIGGER slow BEFORE INSERT ON crossfade.journal FOR EACH ROW EXECUTE FUNCTION slow()""");
        var unused = sides.start(ReplayFixture.SETTINGS
                .withLimits(Duration.ofSeconds(1), Duration.ofSeconds(60))
                .withSliceKeys(10));
        ReplayFixture.await(
                "the entry is written out",
                () -> sides.authority.number("SELECT count(*) FROM crossfade.journal WHERE kind = 'resync'") == 0);
    }

    @Test
    void insertsUpdatesDeletesAndChangedKeysReachTheShadow() {
        sides = ReplayFixture.withTables("CREATE TABLE items (id bigint PRIMARY KEY, name text)");
        Replayer replayer = sides.start(settings());
        sides.authority.execute("INSERT INTO items SELECT i, 'n' || i FROM generate_series(1, 100) i");
        sides.replayed(replayer);
        assertThat(sides.shadow.number("SELECT count(*) FROM items")).isEqualTo(100);
        sides.authority.execute("UPDATE items SET name = 'Запись' WHERE id < 10;"
                + "DELETE FROM items WHERE id > 90; UPDATE items SET id = id + 1000 WHERE id = 50;"
                + "INSERT INTO items VALUES (7, 'seven') ON CONFLICT (id) DO UPDATE SET name = excluded.name");
        sides.replayed(replayer);
        sides.equal("SELECT * FROM items ORDER BY id");
        assertThat(sides.authority.number("SELECT count(*) FROM crossfade.journal"))
                .isZero();
        assertThat(sides.observed(WriteMismatch.class)).isFalse();
    }

    @Test
    void keysOfSeveralColumnsAndOfEveryUsualTypeAreFound() {
        sides = ReplayFixture.withTables("""
                CREATE TABLE pairs (a integer, b text, v text, PRIMARY KEY (b, a));
                CREATE TABLE ids (id uuid PRIMARY KEY, v text);
                CREATE TABLE codes (code varchar(40) PRIMARY KEY, v text);
                CREATE TABLE moments (at timestamptz PRIMARY KEY, v text);
                CREATE TABLE "Имена ""x\""" ("Ключ ""k\""" text PRIMARY KEY, "зна'чение" text)""");
        Replayer replayer = sides.start(settings());
        sides.authority.execute("""
                INSERT INTO pairs VALUES (1, 'a"b,{c}\\', 'x'), (2, '', 'y'), (3, 'NULL', 'z'), (4, ' ю ', 'w');
                INSERT INTO ids SELECT gen_random_uuid(), 'u' FROM generate_series(1, 5);
                INSERT INTO codes VALUES ('Ключ'), ('null'), ('"');
                SET TimeZone = 'Asia/Tokyo';
                INSERT INTO moments VALUES (now(), 'm'), ('infinity', 'i');
                RESET TimeZone;
                INSERT INTO "Имена ""x\""" VALUES ('k''', 'v'), ('{', NULL)""");
        sides.replayed(replayer);
        sides.authority.execute("UPDATE pairs SET v = v || '!' WHERE a > 1; DELETE FROM pairs WHERE a = 1;"
                + "UPDATE moments SET v = 'n'; DELETE FROM ids WHERE id = (SELECT min(id::text)::uuid FROM ids)");
        sides.replayed(replayer);
        sides.equal("SELECT * FROM pairs ORDER BY a");
        sides.equal("SELECT * FROM ids ORDER BY id");
        sides.equal("SELECT * FROM codes ORDER BY code");
        sides.equal("SELECT * FROM moments ORDER BY at");
        sides.equal("SELECT * FROM \"Имена \"\"x\"\"\" ORDER BY 1");
        assertThat(sides.shadow.number("SELECT count(*) FROM pairs")).isEqualTo(3);
        assertThat(sides.observed(WriteMismatch.class)).isFalse();
    }

    @Test
    void valuesArriveAsTheyAre() {
        sides = ReplayFixture.withTables("""
                CREATE TYPE mood AS ENUM ('sad', 'ok');
                CREATE TABLE vals (id integer PRIMARY KEY, j jsonb, js json, a integer[], t text[], b bytea,
                  f double precision, r real, n numeric, iv interval, d date, ts timestamp, tz timestamptz,
                  c char(5), vc varchar(3), bo boolean, m mood, rg int4range, ip inet, bits bit(3),
                  total integer GENERATED ALWAYS AS (id * 2) STORED)""");
        printOtherwise(sides.authority, "'SQL, DMY'", "'Asia/Tokyo'", "'sql_standard'", "'escape'");
        printOtherwise(sides.shadow, "'German, MDY'", "'America/New_York'", "'postgres_verbose'", "'hex'");
        Replayer replayer = sides.start(settings());
        sides.authority.execute("""
                INSERT INTO vals (id, j, js, a, t, b, f, r, n, iv, d, ts, tz, c, vc, bo, m, rg, ip, bits) VALUES
                (1, 'null', ' {"a" : 1} ', '[0:1]={1,2}', '{"a,b",NULL,"NULL","\\"",""}', '\\x00ff', 'NaN', '-0', 'NaN',
                  '1 year -3 days 04:05:06.789', 'infinity', '0044-03-15 BC', '2024-02-29 23:59:59.999999+03',
                  'ab', 'йцу', true, 'ok', '[1,5)', '10.0.0.1/8', '101'),
                (2, NULL, 'null', '{}', '{{a},{b}}', '', 'Infinity', 1e-45, 12345678901234567890.123456789,
                  '-1 mon', '4713-01-01 BC', '-infinity', 'infinity', '', '', false, 'sad', 'empty', '::1', '000'),
                (3, '[1.50, "Ю", {"k": null}]', '1.50', NULL, '{}', NULL, 0.1, 3.4028235e38, 1.500, NULL, NULL, NULL,
                  NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)""");
        sides.replayed(replayer);
        sides.equal("SELECT v.*, j IS NULL, array_lower(a, 1), float8send(f), float4send(r) FROM vals v ORDER BY id");
        assertThat(sides.shadow.rows("SELECT jsonb_typeof(j) FROM vals WHERE id < 3 ORDER BY id"))
                .containsExactly("null", "null");
        assertThat(sides.shadow.number("SELECT count(*) FROM vals WHERE j IS NULL"))
                .isEqualTo(1);
        sides.authority.execute("UPDATE vals SET id = id");
        sides.replayed(replayer);
        sides.equal("SELECT * FROM vals ORDER BY id");
        assertThat(sides.observed(WriteMismatch.class)).isFalse();
        assertThat(sides.observed(DeadLettered.class)).isFalse();
    }

    /** As a server may be set, for every session that does not say how it wants its values. */
    private static void printOtherwise(TestDatabase database, String date, String zone, String interval, String bytes) {
        String name = database.connectOptions().getDatabase();
        Map.of("DateStyle", date, "TimeZone", zone, "IntervalStyle", interval, "bytea_output", bytes)
                .forEach((setting, value) ->
                        database.execute("ALTER DATABASE " + name + " SET " + setting + " = " + value));
        database.execute("ALTER DATABASE " + name + " SET extra_float_digits = -3;" + " ALTER DATABASE " + name
                + " SET lc_monetary = 'C.utf8'");
    }

    @Test
    void rowsThatThePoliciesHideFromTheReplayDoNotSeemDeleted() {
        String table = "CREATE TABLE t (id integer PRIMARY KEY); INSERT INTO t VALUES (1)";
        sides = ReplayFixture.withTables(table);
        String reader = sides.authority.connectOptions().getDatabase() + "_reader";
        sides.authority.execute("CREATE ROLE " + reader + " LOGIN PASSWORD 'reader';"
                + " ALTER TABLE t OWNER TO " + reader + "; GRANT USAGE ON SCHEMA crossfade TO " + reader + ";"
                + " GRANT ALL ON ALL TABLES IN SCHEMA crossfade TO " + reader + ";"
                + " GRANT ALL ON ALL SEQUENCES IN SCHEMA crossfade TO " + reader + ";"
                + " ALTER TABLE t ENABLE ROW LEVEL SECURITY; ALTER TABLE t FORCE ROW LEVEL SECURITY");
        sides.authority.execute("UPDATE t SET id = 1");
        Replayer replayer = sides.start(
                new PgConnectOptions(sides.authority.connectOptions())
                        .setUser(reader)
                        .setPassword("reader"),
                sides.shadow.connectOptions(),
                ReplayFixture.SETTINGS);
        ReplayFixture.await(
                "it says so, or the row is gone",
                () -> replayer.progress("shop").problem() != null
                        || sides.shadow.number("SELECT count(*) FROM t") == 0);
        assertThat(sides.shadow.rows("SELECT id FROM t")).containsExactly("1");
        assertThat(replayer.progress("shop").problem()).contains("42501");
        assertThat(replayer.stop().await()).isNull();
        sides.authority.close();
        sides.authority.execute("DROP OWNED BY " + reader + "; DROP ROLE " + reader);
    }

    @Test
    void typesMayDifferWhereTheValueFits() {
        sides = ReplayFixture.withTables(
                "CREATE TABLE t (id bigint PRIMARY KEY, n bigint, at timestamptz, v varchar(20), m numeric(10,2), j jsonb)",
                "CREATE TABLE t (id integer PRIMARY KEY, n integer, at timestamp, v text, m numeric, j json)");
        printOtherwise(sides.authority, "'SQL, DMY'", "'Asia/Tokyo'", "'sql_standard'", "'escape'");
        Replayer replayer = sides.start(settings());
        sides.authority.execute(
                "INSERT INTO t VALUES (1, 5, '2024-01-01 12:00+03', 'x', 1.5, '{\"a\":1}'), (2, NULL, NULL, NULL, NULL, NULL)");
        sides.replayed(replayer);
        assertThat(sides.shadow.rows("SELECT * FROM t ORDER BY id"))
                .containsExactly("1|5|2024-01-01 09:00:00|x|1.50|{\"a\": 1}", "2|null|null|null|null|null");
        assertThat(sides.observed(WriteMismatch.class)).isFalse();
    }

    @Test
    void aColumnIsLeftAloneWhereTheOtherSideCouldNotHoldItsValueAnyBetter() {
        sides = ReplayFixture.withTables(
                "CREATE TABLE t (id integer PRIMARY KEY, m numeric(10,2), v varchar(3), d date, other text)",
                "CREATE TABLE t (id integer PRIMARY KEY, m numeric, v text, d timestamp, other text)");
        sides.shadow.execute("INSERT INTO t VALUES (1, 1.2345, 'abcdef', '2024-01-01 10:30', 'old')");
        sides.authority.execute("INSERT INTO t VALUES (1, 1.23, 'abc', '2024-01-01', 'new')");
        Replayer replayer = sides.start(settings());
        sides.replayed(replayer);
        assertThat(sides.shadow.rows("SELECT * FROM t")).containsExactly("1|1.2345|abcdef|2024-01-01 10:30:00|new");
        sides.authority.execute("UPDATE t SET m = 1.24, v = 'abd', d = '2024-01-02'");
        sides.replayed(replayer);
        assertThat(sides.shadow.rows("SELECT * FROM t")).containsExactly("1|1.24|abd|2024-01-02 00:00:00|new");
        assertThat(sides.observed(WriteMismatch.class)).isFalse();
    }

    @Test
    void columnsOfOneSideOnlyAreNeitherReadNorTouched() {
        sides = ReplayFixture.withTables(
                "CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text, gone text NOT NULL)",
                "CREATE TABLE t (note text DEFAULT 'mine', a text, id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                        + " twice text GENERATED ALWAYS AS (a || a) STORED)");
        Replayer replayer = sides.start(settings());
        sides.authority.execute("INSERT INTO t (a, gone) VALUES ('x', 'y')");
        sides.replayed(replayer);
        sides.shadow.execute("UPDATE t SET note = 'kept'");
        sides.authority.execute("UPDATE t SET a = 'z'");
        sides.replayed(replayer);
        assertThat(sides.shadow.rows("SELECT * FROM t")).containsExactly("kept|z|1|zz");
    }

    @Test
    void aTruncationDeletesSoThatAReaderWithAnOlderSnapshotStillSeesTheRows() throws Exception {
        sides = ReplayFixture.withTables("CREATE TABLE t (id integer PRIMARY KEY)");
        Replayer replayer = sides.start(settings());
        sides.authority.execute("INSERT INTO t SELECT generate_series(1, 50)");
        sides.replayed(replayer);
        sides.shadow.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
        assertThat(sides.shadow.number("SELECT 1")).isEqualTo(1);
        sides.authority.execute("TRUNCATE t; INSERT INTO t VALUES (3), (99)");
        sides.replayed(replayer);
        assertThat(sides.shadow.number("SELECT count(*) FROM t")).isEqualTo(50);
        sides.shadow.execute("COMMIT");
        assertThat(sides.shadow.rows("SELECT * FROM t ORDER BY id")).containsExactly("3", "99");
    }

    @Test
    void aLargeTruncationAndAResyncAreTakenInSlices() {
        sides = ReplayFixture.withTables("CREATE TABLE t (id integer PRIMARY KEY, v text)");
        Replayer replayer = sides.start(ReplayFixture.SETTINGS.withSliceKeys(300));
        sides.authority.execute("INSERT INTO t SELECT i, 'v' FROM generate_series(1, 2500) i");
        sides.replayed(replayer);
        assertThat(sides.shadow.number("SELECT count(*) FROM t")).isEqualTo(2500);
        sides.authority.execute("TRUNCATE t; INSERT INTO t SELECT i, 'w' FROM generate_series(2400, 2600) i");
        sides.replayed(replayer);
        sides.equal("SELECT * FROM t ORDER BY id");
        sides.shadow.execute("DELETE FROM t WHERE id < 2450; UPDATE t SET v = 'x'; INSERT INTO t VALUES (-1, 'lost')");
        sides.authority.execute("INSERT INTO crossfade.journal (repository, kind, bypass)"
                + " SELECT id, 'resync', false FROM crossfade.repository");
        sides.replayed(replayer);
        sides.equal("SELECT * FROM t ORDER BY id");
        assertThat(sides.shadow.number("SELECT count(*) FROM t")).isEqualTo(201);
    }

    @Test
    void replayingTheSameKeysAgainChangesNothing() {
        sides = ReplayFixture.withTables("CREATE TABLE t (id integer PRIMARY KEY, v text)");
        Replayer replayer = sides.start(settings());
        sides.authority.execute(
                "INSERT INTO t SELECT i, 'v' FROM generate_series(1, 20) i; DELETE FROM t WHERE id > 15");
        sides.replayed(replayer);
        sides.authority.execute("INSERT INTO crossfade.journal (repository, kind, keys, bypass)"
                + " SELECT r.id, 'keys', array_agg(ARRAY[i::text]::text), false"
                + " FROM crossfade.repository r, generate_series(1, 20) i GROUP BY r.id");
        sides.replayed(replayer);
        sides.equal("SELECT * FROM t ORDER BY id");
        assertThat(sides.shadow.number("SELECT count(*) FROM t")).isEqualTo(15);
    }

    @Test
    void theShadowSaysOfWhatMomentItsStateIsAlsoWhenNothingHappens() {
        sides = ReplayFixture.withTables("CREATE TABLE t (id integer PRIMARY KEY)");
        Replayer replayer = sides.start(settings());
        sides.replayed(replayer);
        String asOf = "SELECT as_of FROM crossfade.replayer WHERE group_name = 'shop'";
        String first = sides.shadow.value(asOf);
        ReplayFixture.await("as_of is renewed", () -> !sides.shadow.value(asOf).equals(first));
        assertThat(replayer.progress("shop").catchingUp()).isFalse();
        assertThat(replayer.progress("shop").leading()).isTrue();
    }
}
