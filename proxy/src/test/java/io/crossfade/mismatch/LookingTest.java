package io.crossfade.mismatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Asking what was compared uses the connections of the application, and so it uses few. */
class LookingTest {
    private static final String ASKED =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    + " AND query LIKE '%FROM crossfade.compared%'";

    private final MismatchRig rig = MismatchRig.usual();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void nothingIsAskedWhileAnAnswerIsAwaited() {
        Looking looking = looking(rig.sides(), side -> true);
        rig.toLegacy.hold();
        Future<Void> first = looking.look();
        assertThat(looking.look()).isSameAs(first);
        assertThat(first.isComplete()).isFalse();
        rig.toLegacy.release();
        first.await();
        assertThat(looking.look()).isNotSameAs(first);
    }

    @Test
    void aSideThatIsKnownNotToAnswerIsNotAsked() {
        looking(rig.sides(), side -> side == Side.TARGET).look().await();
        assertThat(rig.legacy.number(ASKED)).isZero();
        assertThat(rig.target.number(ASKED)).isPositive();
    }

    @Test
    void aSideWithoutAnInstallationIsLeftInPeaceForAWhile() {
        MismatchReader legacy = new MismatchReader(rig.sides().find(Side.LEGACY).orElseThrow());
        OffsetDateTime since = OffsetDateTime.now(ZoneOffset.UTC).minusDays(1);
        assertThat(legacy.compared(since).await()).isEmpty();
        assertThat(legacy.isWorthAsking()).isTrue();
        rig.legacy.execute("ALTER SCHEMA crossfade RENAME TO away");
        assertThat(legacy.compared(since).await()).isEmpty();
        assertThat(legacy.isWorthAsking()).isFalse();
        rig.legacy.execute("ALTER SCHEMA away RENAME TO crossfade");
        assertThat(legacy.compared(since).await()).isEmpty();
        assertThat(legacy.isWorthAsking()).isTrue();
    }

    private static Looking looking(Sides sides, Predicate<Side> answers) {
        InstantSource clock = InstantSource.system();
        return new Looking(
                sides.all().stream().map(MismatchReader::new).toList(),
                answers,
                new ComparedReads(UUID.randomUUID(), clock),
                MismatchDesk.of(sides.all(), clock));
    }
}
