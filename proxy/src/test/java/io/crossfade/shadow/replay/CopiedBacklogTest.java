package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.DeadLettered;
import io.crossfade.observation.Observation.Replayed;
import io.crossfade.observation.Observation.WriteMismatch;
import io.crossfade.settings.SideSettings;
import io.vertx.pgclient.PgConnectOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A backlog of more keys than a batch holds goes by COPY, all or nothing of a slice, and by batches where it cannot. */
class CopiedBacklogTest {
    private static final ReplaySettings SETTINGS =
            ReplayFixture.SETTINGS.withSliceKeys(10).withCopyKeys(50);
    private static final String ITEMS = "CREATE TABLE items (id integer PRIMARY KEY, name text)";

    /** Remembers by which statement each row came. */
    private static final String WITNESS = """
            CREATE TABLE witness (copied boolean);
            CREATE FUNCTION witness() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO public.witness VALUES (current_query() LIKE '%crossfade_stage%'); RETURN NULL; END $$;
            CREATE TRIGGER witness AFTER INSERT OR UPDATE OR DELETE ON items FOR EACH ROW EXECUTE FUNCTION witness();
            ALTER TABLE items ENABLE ALWAYS TRIGGER witness""";

    private static final String COPIED = "SELECT count(*) FROM witness WHERE copied";

    private ReplayFixture sides;

    @AfterEach
    void close() {
        sides.close();
    }

    @Test
    void insertsUpdatesAndDeletesOfALongBacklogAllGoByCopy() {
        sides = ReplayFixture.withTables(ITEMS);
        sides.shadow.execute(WITNESS);
        Replayer replayer = sides.start(SETTINGS);
        sides.authority.execute("INSERT INTO items SELECT i, 'Клиент ' || i FROM generate_series(1, 300) i");
        sides.replayed(replayer);
        sides.equal("SELECT * FROM items ORDER BY id");
        assertThat(sides.shadow.number(COPIED)).isEqualTo(300);
        sides.authority.execute("UPDATE items SET name = 'x' WHERE id <= 100; DELETE FROM items WHERE id > 200;"
                + "INSERT INTO items SELECT i, 'new' FROM generate_series(1001, 1050) i");
        sides.replayed(replayer);
        sides.equal("SELECT * FROM items ORDER BY id");
        assertThat(sides.shadow.number(COPIED)).isEqualTo(300 + 100 + 100 + 50);
        assertThat(sides.authority.number("SELECT count(*) FROM crossfade.journal"))
                .isZero();
        assertThat(sides.observed(WriteMismatch.class)).isFalse();
        ReplayFixture.await(
                "the sessions of the backlog end",
                () -> sides.shadow.number("SELECT count(*) FROM pg_class WHERE relname LIKE 'crossfade\\_stage%'")
                        == 0);
    }

    @Test
    void aRowOfALongBacklogThatTheShadowRefusesKeepsNoOtherBack() {
        sides = ReplayFixture.withTables(ITEMS, "CREATE TABLE items (id integer PRIMARY KEY, name varchar(5))");
        Replayer replayer = sides.start(SETTINGS);
        sides.authority.execute("INSERT INTO items SELECT i, CASE WHEN i = 77 THEN 'too long' ELSE 'n' || i END"
                + " FROM generate_series(1, 300) i");
        sides.replayed(replayer);
        assertThat(sides.shadow.number("SELECT count(*) FROM items")).isEqualTo(299);
        assertThat(sides.shadow.number("SELECT count(*) FROM crossfade.dead_letter"))
                .isEqualTo(1);
        assertThat(sides.observed(DeadLettered.class)).isTrue();
    }

    @Test
    void whatATriggerChangesInACopiedRowIsSeen() {
        sides = ReplayFixture.withTables(ITEMS);
        sides.shadow.execute("CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " NEW.name := upper(NEW.name); RETURN NEW; END $$;"
                + "CREATE TRIGGER shout BEFORE INSERT OR UPDATE ON items FOR EACH ROW EXECUTE FUNCTION shout();"
                + "ALTER TABLE items ENABLE ALWAYS TRIGGER shout; " + WITNESS);
        Replayer replayer = sides.start(SETTINGS);
        sides.authority.execute("INSERT INTO items SELECT i, 'n' || i FROM generate_series(1, 100) i");
        sides.replayed(replayer);
        assertThat(sides.differing("items")).contains(List.of("name"));
        sides.observations.clear();
        sides.authority.execute("UPDATE items SET name = 'm' || id");
        sides.replayed(replayer);
        assertThat(sides.differing("items")).contains(List.of("name"));
        assertThat(sides.shadow.number(COPIED)).isEqualTo(200);
    }

    @Test
    void aCopiedRowThatATriggerLeavesOutIsADeadLetter() {
        sides = ReplayFixture.withTables(ITEMS);
        sides.shadow.execute("CREATE FUNCTION omit() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " IF NEW.id = 5 THEN RETURN NULL; END IF; RETURN NEW; END $$;"
                + "CREATE TRIGGER omit BEFORE INSERT ON items FOR EACH ROW EXECUTE FUNCTION omit();"
                + "ALTER TABLE items ENABLE ALWAYS TRIGGER omit");
        Replayer replayer = sides.start(SETTINGS);
        sides.authority.execute("INSERT INTO items SELECT i, 'n' || i FROM generate_series(1, 100) i");
        sides.replayed(replayer);
        assertThat(sides.shadow.number("SELECT count(*) FROM items")).isEqualTo(99);
        assertThat(sides.shadow.number("SELECT count(*) FROM crossfade.dead_letter WHERE sqlstate = '02000'"))
                .isEqualTo(1);
    }

    @Test
    void aCodeThatNobodyKnowsRefusesOneRowOfALongBacklogAndNotAllOfIt() {
        sides = ReplayFixture.withTables(ITEMS);
        sides.shadow.execute("CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                + " IF NEW.id = 55 THEN RAISE 'no' USING ERRCODE = 'MY001'; END IF; RETURN NEW; END $$;"
                + "CREATE TRIGGER refuse BEFORE INSERT ON items FOR EACH ROW EXECUTE FUNCTION refuse();"
                + "ALTER TABLE items ENABLE ALWAYS TRIGGER refuse");
        Replayer replayer = sides.start(SETTINGS);
        sides.authority.execute("INSERT INTO items SELECT i, 'n' || i FROM generate_series(1, 100) i");
        sides.replayed(replayer);
        assertThat(sides.shadow.number("SELECT count(*) FROM items")).isEqualTo(99);
        assertThat(sides.shadow.rows("SELECT key FROM crossfade.dead_letter")).containsExactly("{55}");
    }

    @Test
    void everyTypeArrivesAsItIsWhetherTheSidesAgreeOnItOrNot() {
        String types = """
                CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE DOMAIN code AS text; CREATE TYPE spot AS (x integer, y text);
                CREATE TABLE vals (id integer PRIMARY KEY, j jsonb, js json, a integer[], t text[], b bytea,
                  f double precision, r real, n numeric, n2 numeric(12,2), iv interval, d date, ts timestamp,
                  tz timestamptz, ti time, tiz timetz, c char(5), vc varchar(3), bo boolean, m mood, co code, sp spot,
                  rg int4range, ip inet, net cidr, mac macaddr, bits bit(3), vb varbit, u uuid, js2 jsonb[], na numeric[],
                  va varchar(3)[], mo money, reg regclass, x xml, %s)""";
        sides = ReplayFixture.withTables(
                types.formatted(
                        "i8 bigint, at timestamptz, v varchar(20), m2 numeric(10,2), jj jsonb, tt text, i4 integer[]"),
                types.formatted("i8 integer, at timestamp, v text, m2 numeric, jj json, tt varchar(50), i4 bigint[]"));
        Replayer replayer = sides.start(SETTINGS);
        sides.authority.execute("""
                INSERT INTO vals VALUES
                (1, 'null', ' {"a" : 1} ', '[0:1]={1,2}', '{"a,b",NULL,"NULL","\\"",""}', '\\x00ff', 'NaN', '-0', 'NaN', 1.5,
                  '1 year -3 days 04:05:06.789', 'infinity', '0044-03-15 BC', '2024-02-29 23:59:59.999999+03',
                  '24:00', '12:00+05:30', 'ab', 'йцу', true, 'ok', 'к', '(1,"a,b")', '[1,5)', '10.0.0.1/8', '10.0.0.0/8',
                  '08:00:2b:01:02:03', '101', '10101', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', ARRAY['null', NULL]::jsonb[],
                  '{1.50,NaN,NULL}', '[5:6]={абв,x}', '12.34', 'pg_class', '<a>ю</a>',
                  5, '2024-01-01 12:00+03', 'x', 1.5, '{"a": 1.50}', 'т', '[2:3]={1,NULL}'),
                (2, NULL, 'null', '{}', '{{a},{b}}', '', 'Infinity', 1e-45, 12345678901234567890.123456789, -0.01,
                  '-1 mon', '4713-01-01 BC', '-infinity', 'infinity', '00:00', '23:59:59.999999-12', '', '', false, 'sad',
                  '', NULL, 'empty', '::1', '::/0', NULL, '000', '', NULL, '{}', '{}', NULL, NULL, NULL, NULL,
                  NULL, '2024-01-01', NULL, NULL, NULL, NULL, NULL),
                (3, '[1.50, "Ю", {"k": null}]', '1.50', NULL, '{}', NULL, '-Infinity', 3.4028235e38, 'Infinity', NULL, NULL,
                  NULL, NULL, '-infinity', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
                  NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
                INSERT INTO vals (id) SELECT generate_series(4, 60)""");
        sides.shadow.execute(WITNESS.replace("ON items", "ON vals").replace("TABLE items", "TABLE vals"));
        sides.authority.execute("UPDATE vals SET id = id");
        sides.replayed(replayer);
        String same =
                "SELECT id, j, js::text, array_lower(a, 1), a, t, b, float8send(f), float4send(r), n, n2, iv, d, ts, tz,"
                        + " ti, tiz, c, vc, bo, m, co, sp, rg, ip, net, mac, bits, vb, u, js2::text, na, va::text, mo, reg, x::text,"
                        + " j IS NULL, jsonb_typeof(j) FROM vals ORDER BY id";
        sides.equal(same);
        sides.equal("SELECT id, i8::text, v, m2::text, jj::text, tt, i4::text FROM vals ORDER BY id");
        assertThat(sides.shadow.rows("SELECT at FROM vals WHERE id < 3 ORDER BY id"))
                .containsExactly(
                        "2024-01-01 09:00:00",
                        sides.authority.value(
                                "SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') FROM vals WHERE id = 2"));
        assertThat(sides.observed(WriteMismatch.class)).isFalse();
        assertThat(sides.observed(DeadLettered.class)).isFalse();
        assertThat(sides.shadow.number(COPIED)).isPositive();
    }

    @Test
    void aYoungerTokenKeepsACopiedSliceOut() {
        sides = ReplayFixture.withTables(ITEMS);
        sides.authority.execute("INSERT INTO items SELECT i, 'n' FROM generate_series(1, 20) i");
        SideSettings authority = SideSettings.at(sides.authority.connectOptions());
        SideSettings shadow = SideSettings.at(sides.shadow.connectOptions());
        try (SessionPair sessions = SessionPair.open(sides.vertx, authority, shadow, Duration.ofSeconds(5))) {
            Office older = Office.take("shop", Side.TARGET, sessions.authority(), sessions.shadow(), () -> false);
            CopyPair copying = sessions.copying(older);
            StagedParcel parcel = copying.stage().lay(read(copying, older));
            Office younger = Office.take("shop", Side.TARGET, sessions.authority(), sessions.shadow(), () -> false);
            assertThatThrownBy(() -> new ParcelWriter(older).write(parcel))
                    .isInstanceOf(Applier.SteppedDownException.class);
            assertThat(sides.shadow.number("SELECT count(*) FROM items")).isZero();
            CopyPair theirs = sessions.copying(younger);
            assertThat(new ParcelWriter(younger).write(theirs.stage().lay(read(theirs, younger))))
                    .isEqualTo(new ParcelWriter.Written(20, List.of()));
            assertThat(sides.shadow.number("SELECT count(*) FROM items")).isEqualTo(20);
        }
    }

    private static Parcel read(CopyPair copying, Office office) {
        ParcelReader reader =
                new ParcelReader(office.shape(), office.sliceSize(), 50, SnapshotReader.begin(office.shape()));
        return Objects.requireNonNull(reader.read(copying.authority(), 10, List.of(), 0));
    }

    @Test
    void whoMayNotMakeTemporaryTablesReplaysAllTheSame() {
        sides = ReplayFixture.withTables(ITEMS);
        sides.shadow.execute(WITNESS);
        Replayer replayer = sides.start(
                sides.authority.connectOptions(), plainRole("REVOKE TEMP ON DATABASE %1$s FROM PUBLIC"), SETTINGS);
        sides.authority.execute("INSERT INTO items SELECT i, 'n' || i FROM generate_series(1, 300) i");
        sides.replayed(replayer);
        sides.equal("SELECT * FROM items ORDER BY id");
        assertThat(sides.shadow.number(COPIED)).isZero();
        stopAndDropRole(replayer);
    }

    /** A login that is no superuser and owns nothing; of the statement's places one is the database and two the role. */
    private PgConnectOptions plainRole(String andAlso) {
        String name = sides.shadow.connectOptions().getDatabase();
        String role = name + "_plain";
        sides.shadow.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'plain'; " + andAlso.formatted(name, role)
                + "; GRANT USAGE ON SCHEMA crossfade TO " + role + ";"
                + " GRANT ALL ON ALL TABLES IN SCHEMA crossfade, public TO " + role + ";"
                + " GRANT ALL ON ALL SEQUENCES IN SCHEMA crossfade TO " + role);
        return new PgConnectOptions(sides.shadow.connectOptions()).setUser(role).setPassword("plain");
    }

    private void stopAndDropRole(Replayer replayer) {
        assertThat(replayer.stop().await()).isNull();
        String role = sides.shadow.connectOptions().getDatabase() + "_plain";
        sides.shadow.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
    }

    @Test
    void aCopiedDeletionTakesNoRowAlongThatTheAuthorityStillHas() {
        String tables = "CREATE TABLE parents (id integer PRIMARY KEY);"
                + " CREATE TABLE children (id integer PRIMARY KEY, parent integer %s)";
        sides = ReplayFixture.withTables(
                tables.formatted(""), tables.formatted("REFERENCES parents ON DELETE CASCADE"));
        // A sequence keeps what a transaction that is rolled back has counted.
        sides.shadow.execute(
                "CREATE SEQUENCE tried; CREATE FUNCTION try() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER"
                        + " AS $$ BEGIN IF current_query() LIKE '%crossfade_stage%' THEN PERFORM nextval('public.tried'); END IF;"
                        + " RETURN NULL; END $$; CREATE TRIGGER try BEFORE DELETE ON parents EXECUTE FUNCTION try()");
        Replayer replayer = sides.start(
                sides.authority.connectOptions(), plainRole("GRANT TEMP ON DATABASE %1$s TO %2$s"), SETTINGS);
        sides.authority.execute(
                "INSERT INTO parents SELECT generate_series(1, 100); INSERT INTO children VALUES (1, 7)");
        sides.replayed(replayer);
        sides.authority.execute("DELETE FROM parents");
        sides.replayed(replayer);
        assertThat(sides.shadow.rows("SELECT id FROM children")).containsExactly("1");
        assertThat(sides.shadow.rows("SELECT id FROM parents")).containsExactly("7");
        assertThat(sides.shadow.rows("SELECT key FROM crossfade.dead_letter")).containsExactly("{7}");
        assertThat(sides.shadow.value("SELECT is_called FROM tried"))
                .as("it was tried by COPY")
                .isEqualTo("t");
        stopAndDropRole(replayer);
    }

    @Test
    void wideRowsAreTakenInSlicesOfBoundedSize() {
        sides = ReplayFixture.withTables(ITEMS);
        Replayer replayer = sides.start(ReplayFixture.SETTINGS.withCopyKeys(20_000));
        sides.authority.execute(
                "INSERT INTO items SELECT i, repeat(md5(i::text), 31250) FROM generate_series(1, 40) i");
        sides.replayed(replayer);
        sides.equal("SELECT id, md5(name) FROM items ORDER BY id");
        assertThat(sides.observations.stream()
                        .filter(Replayed.class::isInstance)
                        .map(Replayed.class::cast)
                        .mapToInt(Replayed::rows))
                .allMatch(rows -> rows <= 17);
    }
}
