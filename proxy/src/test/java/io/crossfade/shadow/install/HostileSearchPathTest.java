package io.crossfade.shadow.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The capture functions run with the rights of who installed them and under the search path of whoever writes. So a role
 * plants things of the names that they use, first in its path: each betrays itself by failing when it is used.
 */
class HostileSearchPathTest {
    private static final String SCHEMA = """
            CREATE TABLE plain (id int PRIMARY KEY, note text);
            CREATE TABLE pair (a text COLLATE "C", b text COLLATE "POSIX", note text, PRIMARY KEY (a, b));
            CREATE TABLE parted (id int PRIMARY KEY, note text) PARTITION BY RANGE (id);
            CREATE TABLE parted_a PARTITION OF parted FOR VALUES FROM (0) TO (100);
            CREATE TABLE renamed (id int PRIMARY KEY, note text) PARTITION BY RANGE (id);
            CREATE TABLE renamed_a PARTITION OF renamed FOR VALUES FROM (0) TO (100);
            CREATE TYPE mood AS ENUM ('fine', 'low');
            CREATE FUNCTION told(mood) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN lower('TOLD'); END $$;
            CREATE CAST (mood AS text) WITH FUNCTION told(mood);
            CREATE TABLE moody (mood mood PRIMARY KEY, note text);
            DO $$ BEGIN CREATE ROLE capture_villain; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT ALL ON ALL TABLES IN SCHEMA public TO capture_villain;
            CREATE SCHEMA evil AUTHORIZATION capture_villain;
            SET ROLE capture_villain;
            CREATE FUNCTION evil.used() RETURNS void LANGUAGE plpgsql AS
              $$ BEGIN RAISE EXCEPTION 'planted, and used as %', current_user; END $$;
            -- Every operator of pg_catalog on the types that a capture function might compare or join.
            DO $$
            DECLARE
              name text; arg text; result text;
            BEGIN
              FOREACH arg IN ARRAY ARRAY['text', 'int4', 'int8', 'oid', 'text[]', 'name', 'bool', 'anyarray', 'record'] LOOP
                FOR name, result IN
                  SELECT DISTINCT ON (o.oprname) o.oprname, format_type(o.oprresult, NULL) FROM pg_operator AS o
                  WHERE o.oprkind = 'b' AND o.oprleft = o.oprright
                    AND o.oprleft = (CASE arg WHEN 'text[]' THEN 'anyarray' ELSE arg END)::regtype
                    AND o.oprresult <> 'anycompatiblearray'::regtype
                LOOP
                  EXECUTE format('CREATE FUNCTION evil.%I(%s, %s) RETURNS %s LANGUAGE plpgsql AS
                    $f$ BEGIN PERFORM evil.used(); END $f$',
                    'op_' || md5(name || arg), arg, arg, CASE result WHEN 'anyarray' THEN arg ELSE result END);
                  EXECUTE format('CREATE OPERATOR evil.%s (FUNCTION = evil.%I, LEFTARG = %s, RIGHTARG = %s)',
                    name, 'op_' || md5(name || arg), arg, arg);
                END LOOP;
              END LOOP;
              FOREACH arg IN ARRAY ARRAY[
                'current_setting(text)', 'current_setting(text, bool)', 'cardinality(text[])', 'unnest(text[])',
                'array_position(text[], text)', 'array_append(text[], text)', 'lower(text)', 'text(int4)',
                'id(plain)', 'id(parted)', 'key(record)', 'crossfade_new()', 'array_cat(text[], text[])'] LOOP
                EXECUTE 'CREATE FUNCTION evil.' || arg || ' RETURNS text LANGUAGE plpgsql AS
                  $f$ BEGIN PERFORM evil.used(); END $f$';
              END LOOP;
            END $$;
            -- The one operator on arrays whose types PostgreSQL 14 has changed.
            CREATE FUNCTION evil.joined(text[], text[]) RETURNS text[] LANGUAGE plpgsql AS
              $$ BEGIN PERFORM evil.used(); END $$;
            DROP OPERATOR IF EXISTS evil.|| (text[], text[]);
            CREATE OPERATOR evil.|| (FUNCTION = evil.joined, LEFTARG = text[], RIGHTARG = text[]);
            CREATE DOMAIN evil.text AS pg_catalog.int4 NOT NULL CHECK (evil.used() IS NULL);
            CREATE TYPE evil.int4 AS (planted int);
            CREATE TABLE evil.crossfade_new (id int, a text, b text);
            CREATE TABLE evil.crossfade_old (id int, a text, b text);
            CREATE TABLE evil.journal (planted int);
            -- In which two keys are one.
            CREATE COLLATION evil."C" (PROVIDER = icu, LOCALE = 'und-u-ks-level1', DETERMINISTIC = false);
            RESET ROLE;
            """;

    private static final String TEMPORARY = """
            CREATE TEMP TABLE crossfade_new (id int, a text, b text, day date);
            CREATE TEMP TABLE crossfade_old (id int, a text, b text, day date);
            CREATE TEMP TABLE journal (planted int);
            CREATE TEMP TABLE text (planted int);
            """;

    private static final List<String> PATHS = List.of("evil, pg_temp, pg_catalog, public", "pg_temp, evil, pg_catalog");

    @RegisterExtension
    static final InstallRig rig = InstallRig.installedOn(SCHEMA);

    private static Connection villain;

    @BeforeAll
    static void logIn() throws Exception {
        villain = rig.connect();
        InstallRig.execute(villain, TEMPORARY);
    }

    @AfterAll
    static void logOut() throws Exception {
        villain.close();
    }

    @Test
    void statementsAreCapturedAsEver() throws Exception {
        for (String path : PATHS) {
            assertThat(written(path, "INSERT INTO public.plain VALUES (1), (2)"))
                    .containsExactly("plain keys {1} {2}");
            assertThat(written(path, "UPDATE public.plain SET id = 7 WHERE id OPERATOR(pg_catalog.=) 1"))
                    .containsExactly("plain keys {7} {1}");
            assertThat(written(path, "INSERT INTO public.pair VALUES ('x', 'y')"))
                    .containsExactly("pair keys {x,y}");
            assertThat(written(path, "TRUNCATE public.pair")).containsExactly("pair truncate");
            assertThat(written(path, "DELETE FROM public.plain")).containsExactly("plain keys {2} {7}");
        }
    }

    @Test
    void largeStatementsAreCapturedAsEver() throws Exception {
        for (String path : PATHS) {
            assertThat(written(
                            path,
                            "INSERT INTO public.pair SELECT pg_catalog.concat(letter, i), i"
                                    + " FROM pg_catalog.generate_series(1, 750) AS i,"
                                    + " pg_catalog.unnest(ARRAY['a', 'A']) AS letter"))
                    .hasSize(2);
            assertThat(written(path, "UPDATE public.pair SET b = pg_catalog.concat(b, 'z')"))
                    .hasSize(3);
            assertThat(written(path, "DELETE FROM public.pair")).hasSize(2);
        }
    }

    @Test
    void rowsOfPartitionsAreCapturedAsEver() throws Exception {
        for (String path : PATHS) {
            assertThat(written(path, "INSERT INTO public.parted VALUES (1)")).containsExactly("parted keys {1}");
            assertThat(written(path, "UPDATE public.parted SET id = 2")).containsExactly("parted keys {1} {2}");
            assertThat(written(path, "DELETE FROM public.parted_a")).containsExactly("parted keys {2}");
            assertThat(written(path, "TRUNCATE public.parted_a")).containsExactly("parted resync");
        }
    }

    @Test
    void aKeyThatIsGoneIsCapturedAsEver() throws Exception {
        rig.database().execute("ALTER TABLE renamed RENAME COLUMN id TO number");
        for (String path : PATHS) {
            assertThat(written(path, "INSERT INTO public.renamed VALUES (1)")).containsExactly("renamed resync");
            assertThat(written(path, "DELETE FROM public.renamed")).containsExactly("renamed resync");
        }
    }

    @Test
    void theTokenIsComparedAsEver() throws Exception {
        rig.database()
                .execute("INSERT INTO crossfade.replayer (group_name, token) SELECT DISTINCT group_name, 4711"
                        + " FROM crossfade.repository ON CONFLICT (group_name) DO UPDATE SET token = 4711");
        for (String path : PATHS) {
            assertThat(written(
                            path + "; SET LOCAL crossfade.replaying = '4711'", "INSERT INTO public.plain VALUES (3)"))
                    .isEmpty();
            assertThat(written(path + "; SET LOCAL crossfade.replaying = '4712'", "DELETE FROM public.plain"))
                    .containsExactly("plain keys {3}");
        }
    }

    @Test
    void aCastThatSomebodyMadeRunsUnderAPathThatNobodyElseCanWriteTo() throws Exception {
        for (String path : PATHS) {
            assertThat(written(path, "INSERT INTO public.moody VALUES ('fine')"))
                    .containsExactly("moody keys {told}");
            assertThat(written(path, "DELETE FROM public.moody")).containsExactly("moody keys {told}");
        }
    }

    /** In a session that captured before under its usual path, and in one whose first write this is. */
    private static List<String> written(String path, String write) throws Exception {
        rig.database().execute("DELETE FROM crossfade.journal");
        InstallRig.execute(
                villain,
                "BEGIN; SET LOCAL ROLE capture_villain; SET LOCAL search_path = " + path + "; " + write + "; ROLLBACK");
        try (Connection fresh = rig.connect()) {
            InstallRig.execute(
                    fresh,
                    "BEGIN; SET LOCAL ROLE capture_villain; SET LOCAL search_path = " + path + "; " + write
                            + "; COMMIT");
        }
        return rig.journal();
    }
}
