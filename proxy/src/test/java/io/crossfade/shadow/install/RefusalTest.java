package io.crossfade.shadow.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.pgclient.PgConnectOptions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What cannot be captured is refused with its remedy, all of it at once, and then nothing is changed. */
class RefusalTest {
    @RegisterExtension
    static final InstallRig rig = InstallRig.with("""
            DO $$ BEGIN CREATE ROLE refused_guest LOGIN PASSWORD 'postgres'; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            CREATE TABLE fine (id int PRIMARY KEY);
            CREATE TABLE keyless (id int);
            CREATE TABLE nullable (id int UNIQUE);
            CREATE TABLE partial (id int NOT NULL, gone bool);
            CREATE UNIQUE INDEX ON partial (id) WHERE NOT gone;
            CREATE TABLE computed (name text NOT NULL);
            CREATE UNIQUE INDEX ON computed (lower(name));
            CREATE TABLE ancestor (id int PRIMARY KEY);
            CREATE TABLE heir (PRIMARY KEY (id)) INHERITS (ancestor);
            CREATE TABLE fed (id int PRIMARY KEY);
            CREATE UNLOGGED TABLE fleeting (id int PRIMARY KEY);
            CREATE VIEW seen AS SELECT * FROM fine;
            CREATE SUBSCRIPTION feed CONNECTION 'host=127.0.0.1' PUBLICATION none WITH (connect = false);
            INSERT INTO pg_subscription_rel SELECT oid, 'fed'::regclass, 'r', null FROM pg_subscription;
            """);

    @Test
    void allProblemsAreToldAtOnceAndNothingIsChanged() throws Exception {
        Plan plan = rig.install();
        assertThat(plan.refusals())
                .extracting(Refusal::subject)
                .containsExactly(
                        "public.keyless",
                        "public.nullable",
                        "public.partial",
                        "public.computed",
                        "public.ancestor",
                        "public.heir",
                        "public.fed");
        assertThat(plan.refusals()).allMatch(refusal -> refusal.remedy().endsWith("."));
        assertThat(plan.statements()).isEmpty();
        assertThat(plan.notes()).containsExactly("seen is a view: the tables beneath it are captured");
        assertThat(rig.database().value("SELECT to_regnamespace('crossfade')")).isEqualTo("null");
    }

    @Test
    void aRoleThatOwnsNothingIsToldWhatItLacks() throws Exception {
        PgConnectOptions guest = rig.database().connectOptions().setUser("refused_guest");
        assertThat(rig.installAs(guest, "fine").refusals())
                .extracting(Refusal::problem)
                .containsExactly(
                        "role refused_guest may not create a schema",
                        "belongs to role postgres, and only its owner may add triggers");
    }

    @Test
    void aTableThatIsNotThereIsRefused() throws Exception {
        assertThat(rig.install("fine", "missing").refusals())
                .extracting(Refusal::subject)
                .containsExactly("missing");
    }

    @Test
    void anUnloggedTableIsFine() throws Exception {
        assertThat(rig.install("fleeting").refusals()).isEmpty();
        assertThat(rig.captured("INSERT INTO fleeting VALUES (1)")).isEqualTo(List.of("fleeting keys {1}"));
        rig.uninstall();
    }
}
