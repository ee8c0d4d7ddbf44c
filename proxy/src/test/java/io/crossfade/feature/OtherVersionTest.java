package io.crossfade.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.Crossfade;
import io.crossfade.migration.Stage;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.Settings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The usual move: the target is a server of another major version than legacy. */
class OtherVersionTest {
    private static final String TABLES = """
            CREATE TYPE mood AS ENUM ('low', 'fine');
            CREATE TABLE salons (id integer PRIMARY KEY, name text NOT NULL, code text UNIQUE);
            CREATE TABLE clients (
              id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
              salon_id integer REFERENCES salons (id) ON DELETE CASCADE,
              phone text UNIQUE, phone_length integer GENERATED ALWAYS AS (length(phone)) STORED,
              mood mood, visits jsonb DEFAULT '[]', tags text[] DEFAULT '{}', rate double precision, sum numeric(12, 2),
              born date, seen timestamptz, wait interval, photo bytea, address inet);
            CREATE TABLE visits (id integer, day date, note text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
            CREATE TABLE visits_early PARTITION OF visits FOR VALUES FROM (MINVALUE) TO ('2026-02-01');
            CREATE TABLE visits_late PARTITION OF visits FOR VALUES FROM ('2026-02-01') TO (MAXVALUE);
            CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.name := NEW.name || '!'; RETURN NEW; END $$;
            CREATE TRIGGER shout BEFORE INSERT ON salons FOR EACH ROW EXECUTE FUNCTION shout();
            """;
    private static final Set<String> NAMES = Set.of("salons", "clients", "visits");

    private final Vertx vertx = Vertx.vertx();
    private TestDatabase legacy;
    private TestDatabase target;
    private Crossfade crossfade;

    @BeforeEach
    void start() {
        target = PostgresServers.other().database(List.of(TABLES));
        legacy = PostgresServers.legacy().database(List.of(TABLES));
        Settings defaults = CrossfadeExtension.settings(legacy, target);
        RepositorySettings shadowed = new RepositorySettings(null, List.of(), Stage.SHADOW, 0, Map.of());
        Settings settings = new Settings(
                defaults.legacy(),
                defaults.target(),
                defaults.rest(),
                defaults.admin(),
                NAMES.stream().collect(Collectors.toMap(name -> name, name -> shadowed)),
                List.of());
        CrossfadeExtension.install(vertx, settings);
        crossfade = Crossfade.start(vertx, settings, false).await();
    }

    @AfterEach
    void stop() {
        if (crossfade != null) {
            crossfade.close().await();
            legacy.drop();
            target.drop();
        }
        vertx.close().await();
    }

    @Test
    void everyKindOfWriteReachesTheTarget() {
        assertThat(target.majorVersion()).isNotEqualTo(legacy.majorVersion());
        rest().post("/salons", "[{\"id\":1,\"name\":\"Один\"},{\"id\":2,\"name\":\"Два\"}]")
                .expectStatus(201);
        legacy.execute("""
                INSERT INTO clients (salon_id, phone, mood, visits, tags, rate, sum, born, seen, wait, photo, address)
                SELECT 1 + n % 2, '7' || n, 'fine', '[{"a": null}]', ARRAY['x', NULL, 'y,z'], 0.1 * n, n / 3.0,
                  date '1990-01-01' + n, timestamptz '2026-03-29 01:30:00+02' + n * interval '1 hour',
                  interval '1 mon -2 days 03:04:05.6', decode('00ff', 'hex'), '10.0.0.1/8' FROM generate_series(1, 40) AS n;
                INSERT INTO visits SELECT n, date '2026-01-01' + n, 'n' FROM generate_series(1, 60) AS n""");
        rest().request("POST", "/clients?on_conflict=phone")
                .prefer("resolution=merge-duplicates")
                .json("{\"phone\":\"71\",\"tags\":[\"b\"],\"rate\":1e-7}")
                .send()
                .expectStatus(200);
        rest().patch("/clients?id=lte.5", "{\"mood\":\"low\"}").expectStatus(204);
        rest().delete("/salons?id=eq.2").expectStatus(204);
        legacy.execute("UPDATE visits SET day = day + 30 WHERE id < 10; TRUNCATE visits_late; "
                + "BEGIN; UPDATE clients SET phone = 'x' || phone; UPDATE clients SET phone = '9' || id; COMMIT");
        crossfade.caughtUp().await();
        for (String table : NAMES) {
            String rows = "SELECT t::text FROM " + table + " AS t ORDER BY 1";
            assertThat(target.rows(rows)).as(table).isEqualTo(legacy.rows(rows)).isNotEmpty();
        }
        assertThat(target.rows("SELECT name FROM salons")).containsExactly("Один!");
        assertThat(target.number("SELECT count(*) FROM crossfade.dead_letter")).isZero();
    }

    @Test
    void nobodyElseCanWriteOnTheTarget() {
        for (String write : List.of(
                "INSERT INTO salons VALUES (9, 'x')",
                "INSERT INTO visits_late VALUES (1, '2026-03-01')",
                "TRUNCATE visits")) {
            assertThatThrownBy(() -> target.execute(write)).as(write).cause().hasMessageContaining("are refused here");
        }
    }

    private RestClient rest() {
        return new RestClient("http://127.0.0.1:" + crossfade.restPort() + "/rest/v1");
    }
}
