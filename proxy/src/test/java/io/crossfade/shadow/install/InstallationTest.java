package io.crossfade.shadow.install;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migration.Side;
import io.vertx.pgclient.PgConnectOptions;
import java.sql.Connection;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Installing, installing again, and taking everything out. */
class InstallationTest {
    /** Everything that a script could have changed, by the server's own words. */
    private static final String CATALOGUE = """
            SELECT 'relation', c.oid::regclass::text, c.relkind::text, c.relowner::regrole::text, c.relacl::text, c.reloptions::text
            FROM pg_class c WHERE c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)
            UNION ALL SELECT 'column', a.attrelid::regclass::text, a.attname::text, a.attnum::text,
                             a.atttypid::regtype::text, a.attnotnull::text
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            WHERE c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)
            UNION ALL SELECT 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid),
                             condeferrable::text, condeferred::text FROM pg_constraint
            UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname::text, tgenabled::text,
                             tgdeferrable::text || tginitdeferred::text, pg_get_triggerdef(oid) FROM pg_trigger
            UNION ALL SELECT 'function', oid::regprocedure::text, proowner::regrole::text, md5(prosrc), proacl::text, null
            FROM pg_proc WHERE pronamespace <> 'pg_catalog'::regnamespace
            UNION ALL SELECT 'schema', nspname::text, nspowner::regrole::text, nspacl::text, null, null
            FROM pg_namespace WHERE nspname NOT LIKE 'pg_t%'
            UNION ALL SELECT 'type', oid::regtype::text, typtype::text, null, null, null FROM pg_type
            UNION ALL SELECT 'dependency', count(*)::text, null, null, null, null FROM pg_depend
            ORDER BY 1, 2, 3, 4, 5, 6
            """;

    @RegisterExtension
    static final InstallRig rig = InstallRig.with("""
            DO $$ BEGIN CREATE ROLE shop_owner LOGIN PASSWORD 'postgres'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT ALL ON SCHEMA public TO shop_owner;
            SET ROLE shop_owner;
            CREATE TABLE customer (id int PRIMARY KEY, name text);
            CREATE TABLE purchase (id int PRIMARY KEY, customer int CONSTRAINT "der Käufer" REFERENCES customer,
              later int REFERENCES customer DEFERRABLE INITIALLY DEFERRED);
            CREATE TABLE log (id int PRIMARY KEY) PARTITION BY RANGE (id);
            CREATE TABLE log_a PARTITION OF log FOR VALUES FROM (0) TO (10);
            CREATE TABLE lonely (code text NOT NULL, note text);
            CREATE UNIQUE INDEX ON lonely (code) INCLUDE (note);
            CREATE FUNCTION quiet() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
            CREATE TRIGGER quiet BEFORE INSERT ON customer FOR EACH ROW EXECUTE FUNCTION quiet();
            """);

    @AfterEach
    void takeOut() throws Exception {
        rig.uninstall();
    }

    @Test
    void anOwnerWithoutFurtherRightsInstallsAndUninstallsWithoutATrace() throws Exception {
        rig.database()
                .execute(
                        "DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO shop_owner', current_database()); END $$");
        List<String> before = rig.database().rows(CATALOGUE);
        PgConnectOptions owner = rig.database().connectOptions().setUser("shop_owner");

        Plan plan = rig.installAs(owner);
        assertThat(plan.refusals()).isEmpty();
        assertThat(plan.tables()).containsExactly("customer", "purchase", "log", "lonely");
        assertThat(rig.captured("SET ROLE shop_owner; INSERT INTO lonely VALUES ('x'); RESET ROLE"))
                .containsExactly("lonely keys {x}");
        assertThat(rig.database().rows(CATALOGUE)).isNotEqualTo(before);

        rig.inTransaction(
                connection -> new Fence(rig.vertx()).raise(connection, List.of("customer", "log"), Side.TARGET));
        rig.with(owner, each -> each.remove(false));
        assertThat(rig.database().rows(CATALOGUE)).isEqualTo(before);
    }

    @Test
    void installingAgainChangesNothing() throws Exception {
        rig.install();
        List<String> installed = rig.database().rows(CATALOGUE);
        Plan again = rig.install();
        assertThat(again.statements()).isEmpty();
        assertThat(again.unchanged()).containsExactly("customer", "purchase", "log", "lonely");
        assertThat(rig.database().rows(CATALOGUE)).isEqualTo(installed);
    }

    @Test
    void foreignKeysCanBeDeferredAndTheOthersStay() throws Exception {
        rig.install();
        assertThat(
                        rig.database()
                                .rows(
                                        "SELECT condeferrable, condeferred FROM pg_constraint WHERE contype = 'f' ORDER BY conname"))
                .containsExactly("t|f", "t|t");
        assertThat(rig.database().rows("SELECT undo FROM crossfade.undo"))
                .containsExactly("ALTER TABLE public.purchase ALTER CONSTRAINT \"der Käufer\" NOT DEFERRABLE");
    }

    @Test
    void tablesThatAForeignKeyTiesAreOneGroup() throws Exception {
        rig.install();
        assertThat(rig.database().rows("SELECT name, group_name FROM crossfade.repository ORDER BY name"))
                .containsExactly("customer|customer", "log|log", "lonely|lonely", "purchase|customer");
    }

    @Test
    void aSingleTableCanBeInstalledAndTakenOutAlone() throws Exception {
        List<String> before = rig.database().rows(CATALOGUE);
        rig.install("lonely");
        List<String> one = rig.database().rows(CATALOGUE);
        rig.install("purchase");
        rig.database()
                .execute(
                        "INSERT INTO customer VALUES (1); INSERT INTO purchase VALUES (1, 1); DELETE FROM purchase; DELETE FROM customer");
        assertThat(rig.journal()).containsExactly("purchase keys {1}", "purchase keys {1}");
        rig.uninstall("purchase");
        assertThat(rig.database().rows(CATALOGUE)).isEqualTo(one);
        assertThat(rig.journal()).isEmpty();
        rig.uninstall("lonely");
        assertThat(rig.database().rows(CATALOGUE)).isEqualTo(before);
    }

    @Test
    void theDryRunChangesNothingAndItsScriptDoesTheSame() throws Exception {
        List<String> before = rig.database().rows(CATALOGUE);
        Plan plan = rig.with(rig.database().connectOptions(), Installation::plan);
        assertThat(rig.database().rows(CATALOGUE)).isEqualTo(before);
        rig.database().execute("BEGIN;" + String.join(";\n", plan.statements()) + "; COMMIT");
        assertThat(rig.install().statements()).isEmpty();
    }

    @Test
    void aBusyTableIsNamedWithTheSessionThatHoldsIt() throws Exception {
        try (Connection busy = rig.connect()) {
            busy.setAutoCommit(false);
            InstallRig.execute(busy, "SET application_name = 'nightly job'");
            InstallRig.execute(busy, "INSERT INTO lonely VALUES ('busy')");
            assertThatThrownBy(() -> rig.install())
                    .isInstanceOf(InstallFailure.class)
                    .hasMessageContaining("nightly job")
                    .hasMessageContaining("lonely");
            busy.rollback();
        }
        assertThat(rig.database().value("SELECT to_regnamespace('crossfade')")).isEqualTo("null");
    }

    @Test
    void aRenamedTableKeepsItsCapture() throws Exception {
        rig.install();
        rig.database().execute("ALTER TABLE lonely RENAME TO alone");
        try {
            assertThat(rig.install().tables()).containsExactly("alone");
            assertThat(rig.captured("INSERT INTO alone VALUES ('y')")).containsExactly("alone keys {y}");
        } finally {
            rig.database().execute("ALTER TABLE alone RENAME TO lonely");
        }
    }
}
