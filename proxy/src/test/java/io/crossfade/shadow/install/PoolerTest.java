package io.crossfade.shadow.install;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.pgclient.PgConnectOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A transaction pooler is told from a session, also while it is idle. */
class PoolerTest {
    @RegisterExtension
    static final InstallRig rig = InstallRig.with("CREATE TABLE fine (id int PRIMARY KEY)");

    @Test
    void aTransactionPoolerIsRefused() throws Exception {
        for (int sessions : new int[] {2, 3}) {
            try (TransactionPooler pooler =
                    TransactionPooler.open(rig.database().connectOptions(), sessions)) {
                Plan plan = rig.installAs(pooler.connectOptions());
                assertThat(plan.refusals()).extracting(Refusal::subject).containsExactly("legacy.url");
                assertThat(plan.refusals()).extracting(Refusal::remedy).allMatch(remedy -> remedy.contains("5432"));
            }
        }
        assertThat(rig.database().value("SELECT to_regnamespace('crossfade')")).isEqualTo("null");
    }

    @Test
    void aSessionIsNotRefused() throws Exception {
        PgConnectOptions straight = rig.database().connectOptions();
        assertThat(rig.with(straight, Installation::plan).refusals()).isEmpty();
    }
}
