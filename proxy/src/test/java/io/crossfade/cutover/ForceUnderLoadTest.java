package io.crossfade.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.migration.Side;
import io.crossfade.testing.RestResponse;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The target has the writes and stops at once, callers go on through two proxies, and an operator forces the writes back. */
class ForceUnderLoadTest {
    private static final String KEYS = "SELECT key FROM notes";
    private static final String LISTED =
            "SELECT unnest(image) FROM crossfade.reconciliation WHERE repository = 'notes'";

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    @Test
    @SuppressWarnings("try") // the writers are only there to be there
    void everyAcknowledgedWriteIsOnLegacyOrOnTheListAndWhatCameAfterTheForceIsOnLegacy() throws SQLException {
        try (MoveRig rig = new MoveRig(Duration.ofSeconds(60))) {
            var unused = rig.move(rig.one, "cutover");
            Set<String> before = new HashSet<>();
            try (Callers writers = Callers.start(
                    new Accounts(),
                    List.of(
                            () -> write(rig.one),
                            () -> write(rig.one),
                            () -> write(rig.other),
                            () -> write(rig.other)))) {
                awaitMore(20);
                try (Connection session = rig.session(Side.LEGACY);
                        Statement statement = session.createStatement()) {
                    session.setAutoCommit(false);
                    // Nothing reaches legacy from here on, although its answers do not wait for that.
                    statement.execute("LOCK TABLE notes IN SHARE MODE");
                    awaitMore(20);
                    rig.crash(Side.TARGET, () -> {
                        rollback(session);
                        force(rig.one);
                        before.addAll(acknowledged);
                        awaitMore(40);
                    });
                }
                MoveRig.await("both proxies answer", () -> rig.one.answers() && rig.other.answers());
                assertThat(rig.awaitSettled()).isEqualTo(Side.LEGACY);
                awaitMore(20);
            }
            Set<String> afterwards = new HashSet<>(acknowledged);
            afterwards.removeAll(before);
            Set<String> onLegacy = new HashSet<>(rig.legacy.rows(KEYS));
            assertThat(onLegacy).containsAll(afterwards);
            Set<String> listed = new HashSet<>(rig.target.rows(LISTED));
            before.removeAll(onLegacy);
            assertThat(before).as("what legacy lacks").isNotEmpty().isSubsetOf(listed);
        }
    }

    private static void rollback(Connection session) {
        try {
            session.rollback();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void force(Instance at) {
        RestResponse begun = at.admin("POST", "/api/rollback", "{\"force\":true,\"reason\":\"the target is gone\"}")
                .expectStatus(202);
        JsonNode ended = at.awaitEnd(begun.json().path("id").asText());
        assertThat(ended.path("state").asText()).as(ended.toPrettyString()).isEqualTo("done");
    }

    private void awaitMore(int more) {
        int wanted = acknowledged.size() + more;
        MoveRig.await("writes are acknowledged", () -> acknowledged.size() >= wanted);
    }

    private void write(Instance through) {
        String key = UUID.randomUUID().toString();
        try {
            if (through.rest()
                            .post("/notes", "{\"key\":\"" + key + "\",\"version\":1}")
                            .status()
                    == 201) {
                acknowledged.add(key);
                return;
            }
        } catch (UncheckedIOException away) {
            // No answer: nothing was promised.
        }
        LockSupport.parkNanos(5_000_000);
    }
}
