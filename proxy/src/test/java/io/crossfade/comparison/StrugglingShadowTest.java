package io.crossfade.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.settings.CompareSettings;
import io.crossfade.settings.ComparisonSettings;
import io.crossfade.testing.RestResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever the shadow does, callers get their answers, and what comparing takes stays within its bounds and is counted. */
class StrugglingShadowTest {
    private static final String CLIENTS = """
            CREATE TABLE clients (id integer PRIMARY KEY, name text);
            INSERT INTO clients SELECT n, repeat('имя ', 100) || n FROM generate_series(1, 100) AS n;
            """;
    private static final int CALLS = 300;

    /** The answer that was given, that of the other side, and what three rounds and a look for noise read. */
    private static final int MOST_ANSWERS = 11;

    private static final ComparisonSettings EVERY_READ =
            new ComparisonSettings(100, 4, Duration.ofMillis(500), 2, 0, 256 << 10, false);

    private ComparisonRig rig;
    private int mostInFlight;
    private long mostBytes;

    @BeforeEach
    void open() {
        open(EVERY_READ);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aShadowThatTakesLongerThanAnybodyWaitsIsGivenUp() throws SQLException {
        try (Connection locking = rig.target.session();
                Statement statement = locking.createStatement()) {
            locking.setAutoCommit(false);
            statement.execute("LOCK TABLE clients IN ACCESS EXCLUSIVE MODE");
            callersAreServed();
            assertThat(rig.dropsByReason()).containsKey("saturated");
            assertThat(mostInFlight).isEqualTo(EVERY_READ.maxInFlight());
            nothingWasFound();
        }
    }

    @Test
    void aShadowThatFallsSilentIsGivenUp() {
        rig.wireToTarget.silence();
        callersAreServed();
        nothingWasFound();
        // Or those would wait who say good-bye to it.
        rig.wireToTarget.cut();
    }

    @Test
    void aShadowThatIsDownIsLeftAlone() {
        rig.wireToTarget.cut();
        callersAreServed();
        assertThat(rig.dropsByReason()).containsKey("side-down");
        nothingWasFound();
    }

    @Test
    void aShadowThatTalksNonsenseIsNotBelieved() {
        rig.wireToTarget.garble();
        callersAreServed();
        nothingWasFound();
        // Or those would wait who say good-bye to it.
        rig.wireToTarget.cut();
    }

    @Test
    void anAnswerAboveTheLimitStaysInTheShadowAndIsCounted() {
        rig.plant("UPDATE clients SET name = repeat('x', 1000000) WHERE id = 5");
        ComparisonRig.await("it is dropped for its size", () -> {
            rig.rest().get("/clients?id=eq.5").expectStatus(200);
            return rig.dropsByReason().containsKey("too-large");
        });
        assertThat(rig.comparer().heldBytes()).isLessThan(EVERY_READ.maxBytes());
        assertThat(rig.mismatches).isEmpty();
    }

    @Test
    void aCallersAnswerAboveTheLimitIsNotComparedAndCounted() {
        rig.close();
        open(new ComparisonSettings(100, 4, Duration.ofMillis(500), 2, 0, 100, false));
        ComparisonRig.await("it is dropped for its size", () -> {
            rig.rest().get("/clients?id=eq.5").expectStatus(200);
            return rig.dropsByReason().containsKey("too-large");
        });
        assertThat(rig.compared).isEmpty();
    }

    @Test
    void whereAnswersAreToFailAnAnswerThatNothingWasComparedWithFails() throws SQLException {
        rig.close();
        open(new ComparisonSettings(100, 4, Duration.ofMillis(500), 2, 0, 256 << 10, true));
        rig.rest().get("/clients?id=eq.5").expectStatus(200);

        try (Connection writing = rig.target.session();
                Statement statement = writing.createStatement()) {
            writing.setAutoCommit(false);
            statement.execute("SELECT * FROM clients WHERE id = 5 FOR UPDATE");
            rig.rest().patch("/clients?id=eq.5", "{\"name\":\"other\"}");
            expectNotCompared("catching-up");
        }
        rig.proxy.caughtUp().await();
        rig.rest().get("/clients?id=eq.5").expectStatus(200);

        try (Connection locking = rig.target.session();
                Statement statement = locking.createStatement()) {
            locking.setAutoCommit(false);
            statement.execute("LOCK TABLE clients IN ACCESS EXCLUSIVE MODE");
            expectNotCompared("busy");
        }
        rig.wireToTarget.cut();
        ComparisonRig.await("the target is known to be down", () -> {
            RestResponse answer = rig.rest().get("/clients?id=eq.5");
            answer.expectError(502, "CF502");
            return answer.body().contains("not compared: side-down");
        });
        assertThat(rig.mismatches).noneMatch(Mismatch::confirmed);
    }

    private void expectNotCompared(String reason) {
        RestResponse answer = rig.rest().get("/clients?id=eq.5");
        answer.expectError(502, "CF502");
        assertThat(answer.body()).contains("not compared: " + reason);
    }

    private void open(ComparisonSettings comparison) {
        rig = ComparisonRig.with(CLIENTS, CompareSettings.DEFAULTS, settings -> settings.with(comparison), "clients");
    }

    private void callersAreServed() {
        for (int call = 0; call < CALLS; call++) {
            rig.rest().get("/clients?order=id&limit=50&offset=" + call % 50).expectStatus(200);
            mostInFlight = Math.max(mostInFlight, rig.comparer().inFlight());
            mostBytes = Math.max(mostBytes, rig.comparer().heldBytes());
        }
        assertThat(mostInFlight).isLessThanOrEqualTo(EVERY_READ.maxInFlight());
        assertThat(mostBytes)
                .isLessThanOrEqualTo((long) EVERY_READ.maxInFlight() * MOST_ANSWERS * EVERY_READ.maxBytes());
    }

    /** Each of them was dropped and counted, and nothing is held for it any more. */
    private void nothingWasFound() {
        ComparisonRig.await("everything was given up", () -> rig.comparer().inFlight() == 0);
        ComparisonRig.await("all were counted", () -> rig.drops.size() + rig.compared.size() == CALLS);
        assertThat(rig.comparer().heldBytes()).isZero();
        assertThat(rig.mismatches).isEmpty();
        assertThat(rig.unexpected).isEmpty();
    }
}
