package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.WriteMismatch;
import io.crossfade.settings.SideSettings;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Two databases whose tables are one group, with triggers that journal the keys of every write on the first. */
final class ReplayFixture implements AutoCloseable {
    /** A server's answer may take that long, and no longer: tests that cut wires wait for it. */
    static final ReplaySettings SETTINGS =
            ReplaySettings.DEFAULTS.withLimits(Duration.ofSeconds(5), Duration.ofSeconds(60));

    private static final String BOOKKEEPING = bookkeeping();

    /** The triggers of the tests: each key of the statement's rows once, a thousand in one entry. */
    private static final String CAPTURE = """
            CREATE FUNCTION crossfade.test_capture() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
            SET search_path = pg_catalog, pg_temp AS $$
            DECLARE
              which crossfade.repository;
              parts text;
              found text[];
            BEGIN
              SELECT * INTO which FROM crossfade.repository WHERE table_oid = TG_RELID;
              IF TG_OP = 'TRUNCATE' THEN
                INSERT INTO crossfade.journal (repository, kind, bypass) VALUES (which.id, 'truncate', false);
                RETURN NULL;
              END IF;
              SELECT string_agg(format('x.%I::text', k), ',') INTO parts FROM unnest(which.key_columns) AS k;
              EXECUTE 'SELECT array_agg(k.key) FROM (' || concat_ws(' UNION ',
                CASE WHEN TG_OP <> 'INSERT' THEN 'SELECT ARRAY[' || parts || ']::text COLLATE "C" AS key FROM gone AS x' END,
                CASE WHEN TG_OP <> 'DELETE' THEN 'SELECT ARRAY[' || parts || ']::text COLLATE "C" AS key FROM come AS x' END)
                || ') AS k' INTO found;
              INSERT INTO crossfade.journal (repository, kind, keys, bypass)
              SELECT which.id, 'keys', found[g : g + 999], false FROM generate_series(1, cardinality(found), 1000) AS g;
              RETURN NULL;
            END $$;
            """;

    final Vertx vertx = Vertx.vertx();
    final TestDatabase authority;
    final TestDatabase shadow;
    final Queue<Observation> observations = new ConcurrentLinkedQueue<>();
    volatile boolean red;
    private final List<Replayer> replayers = new ArrayList<>();

    private ReplayFixture(String tablesOfAuthority, String tablesOfShadow) {
        authority = PostgresServers.legacy().database(List.of(BOOKKEEPING + CAPTURE, tablesOfAuthority));
        shadow = PostgresServers.target().database(List.of(BOOKKEEPING, tablesOfShadow));
    }

    static ReplayFixture withTables(String onBothSides) {
        return withTables(onBothSides, onBothSides);
    }

    /** Every table becomes a repository of the group {@code shop}; its key is its primary key. */
    static ReplayFixture withTables(String onAuthority, String onShadow) {
        ReplayFixture fixture = new ReplayFixture(onAuthority, onShadow);
        String register = """
                INSERT INTO crossfade.repository (name, group_name, table_oid, key_columns, fingerprint)
                SELECT c.relname, 'shop', c.oid, (SELECT array_agg(a.attname::text ORDER BY k.o)
                  FROM pg_index i, unnest(i.indkey::smallint[]) WITH ORDINALITY AS k(n, o)
                  JOIN pg_attribute a ON a.attnum = k.n
                  WHERE i.indrelid = c.oid AND i.indisprimary AND a.attrelid = c.oid), 'none'
                FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'""";
        fixture.authority.execute(register);
        fixture.shadow.execute(register);
        for (String table : fixture.authority.rows("SELECT table_oid::regclass FROM crossfade.repository")) {
            fixture.authority.execute("""
                    CREATE TRIGGER i AFTER INSERT ON %1$s REFERENCING NEW TABLE AS come
                      FOR EACH STATEMENT EXECUTE FUNCTION crossfade.test_capture();
                    CREATE TRIGGER u AFTER UPDATE ON %1$s REFERENCING NEW TABLE AS come OLD TABLE AS gone
                      FOR EACH STATEMENT EXECUTE FUNCTION crossfade.test_capture();
                    CREATE TRIGGER d AFTER DELETE ON %1$s REFERENCING OLD TABLE AS gone
                      FOR EACH STATEMENT EXECUTE FUNCTION crossfade.test_capture();
                    CREATE TRIGGER t AFTER TRUNCATE ON %1$s
                      FOR EACH STATEMENT EXECUTE FUNCTION crossfade.test_capture();""".formatted(table));
        }
        return fixture;
    }

    /** A running replayer straight to both databases. */
    Replayer start() {
        return start(SETTINGS);
    }

    Replayer start(ReplaySettings settings) {
        return start(authority.connectOptions(), shadow.connectOptions(), settings);
    }

    Replayer start(PgConnectOptions from, PgConnectOptions to, ReplaySettings settings) {
        Replayer replayer = startWithoutGroups(from, to, settings);
        replayer.add("shop");
        return replayer;
    }

    /** Makes every table a group of its own, which the replayer serves. */
    Replayer startWithGroups(ReplaySettings settings) {
        authority.execute("UPDATE crossfade.repository SET group_name = name");
        shadow.execute("UPDATE crossfade.repository SET group_name = name");
        Replayer replayer = startWithoutGroups(authority.connectOptions(), shadow.connectOptions(), settings);
        authority.rows("SELECT name FROM crossfade.repository").forEach(replayer::add);
        return replayer;
    }

    private Replayer startWithoutGroups(PgConnectOptions from, PgConnectOptions to, ReplaySettings settings) {
        return start(new Replayer(
                vertx,
                Side.LEGACY,
                SideSettings.at(from),
                SideSettings.at(to),
                settings,
                group -> red,
                observations::add));
    }

    /** Starts it, and stops it in the end. */
    Replayer start(Replayer replayer) {
        replayers.add(replayer);
        replayer.start();
        return replayer;
    }

    /** Waits until everything that was committed is on the shadow. */
    void replayed(Replayer replayer) {
        replayed(replayer, "shop");
    }

    void replayed(Replayer replayer, String group) {
        try {
            replayer.caughtUp(group).await(60, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError("not replayed in time: " + replayer.progress(group), e);
        }
    }

    void equal(String query) {
        assertThat(shadow.rows(query)).as(query).isEqualTo(authority.rows(query));
    }

    boolean observed(Class<? extends Observation> kind) {
        return observations.stream().anyMatch(kind::isInstance);
    }

    /** The columns of each mismatch of a write that was told. */
    List<List<String>> differing(String repository) {
        return observations.stream()
                .filter(WriteMismatch.class::isInstance)
                .map(WriteMismatch.class::cast)
                .filter(mismatch -> mismatch.repository().equals(repository))
                .map(WriteMismatch::columns)
                .toList();
    }

    static void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    @Override
    public void close() {
        replayers.forEach(replayer -> replayer.stop().await());
        vertx.close().await();
        authority.drop();
        shadow.drop();
    }

    private static String bookkeeping() {
        try (InputStream in = ReplayFixture.class.getResourceAsStream("/schema/V001__crossfade.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
