package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.crossfade.migration.Side;
import io.crossfade.observation.LogObserver;
import io.crossfade.observation.MetricsObserver;
import io.crossfade.observation.Observation.DeadLettered;
import io.crossfade.observation.Observation.ReplayFailed;
import io.crossfade.settings.SideSettings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** Whatever PostgreSQL says about a row, none of the row's values gets to where people look. */
class ValuesStayInsideTest {
    /** What the rows hold; the SQL below writes them out again. */
    private static final List<String> VALUES = List.of("79990", "Secretova", "Тайнова");

    private static final String RAISE = """
            CREATE FUNCTION refuse(v text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
            BEGIN
              RAISE EXCEPTION '%% is refused', v USING %s;
            END $$;
            CREATE TABLE t (id integer PRIMARY KEY, v text CHECK (refuse(v)))""";

    private final Queue<String> logged = new ConcurrentLinkedQueue<>();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            logged.add(event.getFormattedMessage() + " " + event.getThrowableProxy());
        }
    };
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final Logger ours = (Logger) LoggerFactory.getLogger("io.crossfade");

    private ReplayFixture sides;

    @BeforeEach
    void listen() {
        appender.start();
        root.addAppender(appender);
        ours.setLevel(Level.TRACE);
    }

    @AfterEach
    void close() {
        root.detachAppender(appender);
        ours.setLevel(null);
        sides.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', maxCharsPerColumn = 4000, textBlock = """
            23505 | `v text CONSTRAINT once UNIQUE`                                          | +79990123 Secretova
            23514 | `v text CONSTRAINT short CHECK (length(v) < 3)`                          | +79990123 Secretova
            22P02 | `v integer`                                                              | +79990123 Secretova
            22003 | `v integer`                                                              | 79990123456
            22003 | `v numeric(3, 1)`                                                        | 79990123
            22003 | `v smallint`                                                             | 79990
            22001 | `v varchar(3)`                                                           | Secretova
            22001 | `v bit varying(2)`                                                       | `0111`
            22P02 | `v mood`                                                                 | Secretova
            22P02 | `v json`                                                                 | {"phone": +79990123}
            22P02 | `v jsonb`                                                                | [Secretova]
            22P02 | `v uuid`                                                                 | 79990-Secretova
            22P02 | `v text[]`                                                               | {"Secretova
            22P02 | `v inet`                                                                 | 79990.0.0.1
            22007 | `v date`                                                                 | Secretova
            22008 | `v date`                                                                 | 79990-99-99
            22007 | `v interval`                                                             | 79990 Secretova
            22007 | `v timestamptz`                                                          | 79990 Secretova
            22P02 | `v bytea`                                                                | \\Secretova
            22000 | `v int4range`                                                            | [79990,1)
            22P02 | `v int4range`                                                            | [Secretova
            23514 | `v phone`                                                                | +79990123
            23502 | `v text, w text NOT NULL`                                                | +79990123 Secretova
            23P01 | `v int4range, CONSTRAINT apart EXCLUDE USING gist (v WITH &&)`           | [79990,79999)
            22P02 | `v text, g integer GENERATED ALWAYS AS (v::integer) STORED`              | Secretova
            22012 | `v text, g integer GENERATED ALWAYS AS (1 / (length(v) - 9)) STORED`     | Secretova
            22P02 | `v text CHECK (nested(v))`                                               | Secretova
            2201B | `v text CHECK ('x' !~ v)`                                                | (79990
            22P05 | `v text CHECK (convert_to(v, 'LATIN1') IS NOT NULL)`                     | Тайнова
            """)
    void notWhereTheShadowRefusesARow(String sqlState, String columns, String value) {
        sides = ReplayFixture.withTables("CREATE TABLE t (id integer PRIMARY KEY, v text)", """
                CREATE TYPE mood AS ENUM ('fine');
                CREATE DOMAIN phone AS text CONSTRAINT no_phone CHECK (VALUE !~ '[0-9]');
                CREATE FUNCTION nested(v text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
                BEGIN
                  RAISE WARNING 'looking at %%', v;
                  RETURN v::integer > 0;
                END $$;
                CREATE TABLE t (id integer PRIMARY KEY, %s);
                """.formatted(columns));
        if (sqlState.equals("23505") || sqlState.equals("23P01")) {
            sides.shadow.execute("INSERT INTO t VALUES (99, '" + value + "')");
        }
        refused(value, sqlState);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            P0001 | `DETAIL = v, HINT = v`
            P0001 | `TABLE = v, COLUMN = v, CONSTRAINT = v, DATATYPE = v, SCHEMA = v`
            23505 | `ERRCODE = '23505', TABLE = v, COLUMN = v, CONSTRAINT = v, DETAIL = v`
            other | `ERRCODE = substr(v, 2, 5)`
            """)
    void notWhereAFunctionRaisesWhatItLikes(String sqlState, String fields) {
        sides = ReplayFixture.withTables("CREATE TABLE t (id integer PRIMARY KEY, v text)", RAISE.formatted(fields));
        refused("+79990123 Secretova", sqlState);
    }

    @Test
    void notWhereATriggerRaisesIt() {
        sides = ReplayFixture.withTables("CREATE TABLE t (id integer PRIMARY KEY, v text)", """
                CREATE TABLE t (id integer PRIMARY KEY, v text);
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'no %', NEW.v USING CONSTRAINT = NEW.v; END $$;
                CREATE TRIGGER refuse BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION refuse();
                ALTER TABLE t ENABLE ALWAYS TRIGGER refuse""");
        refused("+79990123 Secretova", "P0001");
    }

    @Test
    void notWhereARowRefersToOneThatIsMissing() {
        sides = ReplayFixture.withTables("CREATE TABLE t (id integer PRIMARY KEY, v text)", """
                CREATE TABLE p (v text PRIMARY KEY);
                CREATE TABLE t (id integer PRIMARY KEY, v text CONSTRAINT known REFERENCES p (v));
                DO $$ DECLARE which name; BEGIN
                  FOR which IN SELECT tgname FROM pg_trigger WHERE tgrelid = 't'::regclass LOOP
                    EXECUTE format('ALTER TABLE t ENABLE ALWAYS TRIGGER %I', which);
                  END LOOP;
                END $$""");
        refused("+79990123 Secretova", "23503");
        assertThat(sides.shadow.value("SELECT problem FROM crossfade.dead_letter"))
                .contains("table t, constraint known");
    }

    @Test
    void notWhereNoPartitionTakesIt() {
        sides = ReplayFixture.withTables("CREATE TABLE t (id integer, v text, PRIMARY KEY (id, v))", """
                CREATE TABLE t (id integer, v text, PRIMARY KEY (id, v)) PARTITION BY LIST (v);
                CREATE TABLE t_a PARTITION OF t FOR VALUES IN ('a');""");
        sides.shadow.execute("""
                INSERT INTO crossfade.repository (name, group_name, table_oid, key_columns, fingerprint)
                VALUES ('t', 'shop', 't'::regclass, '{id,v}', 'none');
                DELETE FROM crossfade.repository WHERE name = 't_a'""");
        refused("Secretova", "23514");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            42501 | `ERRCODE = '42501', TABLE = v, DETAIL = v`
            57014 | `ERRCODE = '57014', CONSTRAINT = v`
            XX000 | `ERRCODE = 'XX000', COLUMN = v, HINT = v`
            """)
    void notWhereTheWholeReplayHasToWait(String sqlState, String fields) {
        sides = ReplayFixture.withTables("CREATE TABLE t (id integer PRIMARY KEY, v text)", RAISE.formatted(fields));
        Replayer replayer = observed();
        sides.authority.execute("INSERT INTO t VALUES (1, '+79990123 Secretova')");
        ReplayFixture.await("the replay waits", () -> sides.observed(ReplayFailed.class));
        assertThat(replayer.progress("shop").problem()).contains(sqlState);
        assertNothingLeaked(replayer);
    }

    @Test
    void notWhereRowLevelSecurityIsInTheWay() {
        sides = ReplayFixture.withTables("CREATE TABLE t (id integer PRIMARY KEY, v text)", """
                CREATE TABLE t (id integer PRIMARY KEY, v text);
                ALTER TABLE t ENABLE ROW LEVEL SECURITY;
                CREATE POLICY none ON t USING (v <> 'Secretova') WITH CHECK (v <> 'Secretova')""");
        String role = "limited_" + ProcessHandle.current().pid();
        sides.shadow.execute("CREATE ROLE " + role + " LOGIN PASSWORD 'limited';"
                + "GRANT USAGE ON SCHEMA crossfade TO " + role + ";"
                + "GRANT ALL ON ALL TABLES IN SCHEMA crossfade, public TO " + role);
        try {
            Replayer replayer = observed(
                    SideSettings.at(sides.shadow.connectOptions().setUser(role).setPassword("limited")));
            sides.authority.execute("INSERT INTO t VALUES (1, 'Secretova')");
            ReplayFixture.await("the replay waits", () -> sides.observed(ReplayFailed.class));
            assertThat(replayer.progress("shop").problem()).contains("42501");
            assertNothingLeaked(replayer);
            replayer.stop().await();
        } finally {
            sides.shadow.execute("DROP OWNED BY " + role + "; DROP ROLE " + role);
        }
    }

    private void refused(String value, String sqlState) {
        Replayer replayer = observed();
        sides.authority.execute("INSERT INTO t VALUES (1, '" + value + "')");
        sides.replayed(replayer);
        assertThat(sides.shadow.rows("SELECT sqlstate FROM crossfade.dead_letter"))
                .containsExactly(sqlState);
        ReplayFixture.await("the letter is told", () -> sides.observed(DeadLettered.class));
        assertNothingLeaked(replayer);
    }

    private Replayer observed() {
        return observed(SideSettings.at(sides.shadow.connectOptions()));
    }

    private Replayer observed(SideSettings shadow) {
        LogObserver log = new LogObserver();
        MetricsObserver metrics = new MetricsObserver(registry);
        Replayer replayer = new Replayer(
                sides.vertx,
                Side.LEGACY,
                SideSettings.at(sides.authority.connectOptions()),
                shadow,
                ReplayFixture.SETTINGS,
                group -> false,
                observation -> {
                    log.observe(observation);
                    metrics.observe(observation);
                    sides.observations.add(observation);
                });
        sides.start(replayer).add("shop");
        return replayer;
    }

    private void assertNothingLeaked(Replayer replayer) {
        List<String> letters = sides.shadow.rows("SELECT repository, sqlstate, problem FROM crossfade.dead_letter");
        assertThat(logged).as("something was logged").isNotEmpty();
        for (String value : VALUES) {
            assertThat(letters).as("dead letters").noneMatch(text -> text.contains(value));
            assertThat(logged).as("log").noneMatch(text -> text.contains(value));
            assertThat(sides.observations)
                    .as("observations")
                    .noneMatch(it -> it.toString().contains(value));
            assertThat(String.valueOf(replayer.progress("shop"))).doesNotContain(value);
            assertThat(registry.scrape()).doesNotContain(value);
        }
    }
}
