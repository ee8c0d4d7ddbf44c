package io.crossfade.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Stage;
import io.crossfade.rollout.By;
import io.crossfade.rollout.Change;
import io.crossfade.testing.CrossfadeExtension;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A proxy that is started with the application's own switch turned to legacy. */
class BackToLegacyTest {
    private static final By ANNA = new By("anna", "this test is not about gates", true);

    @RegisterExtension
    static final CrossfadeExtension crossfade = CrossfadeExtension.withSql(
                    "CREATE TABLE clients (phone text PRIMARY KEY); CREATE TABLE visits (id int PRIMARY KEY)")
            .withBothSidesEqual();

    @Test
    void readsAndWritesGoBackAndWhatStandsOnLegacyStays() {
        for (Stage stage : List.of(Stage.DUAL_WRITE, Stage.SHADOW, Stage.ROLLOUT)) {
            move("clients", stage);
            move("visits", stage);
        }
        crossfade.proxy().caughtUp().await();
        var unused = crossfade
                .proxy()
                .cutovers()
                .orElseThrow()
                .cutover(Set.of("clients"), OptionalLong.empty(), ANNA)
                .await();
        await(() -> stage("clients") == Stage.LIVE);

        ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
        BackToLegacy.begin(crossfade.proxy(), "USE_LEGACY_SUPABASE=true", told::add);
        await(() -> told.size() == 2);
        assertThat(told)
                .containsExactly(
                        "USE_LEGACY_SUPABASE=true: everything goes back to legacy.",
                        "USE_LEGACY_SUPABASE=true: Rolled back.");
        assertThat(stage("clients")).isEqualTo(Stage.SHADOW);
        assertThat(stage("visits")).isEqualTo(Stage.SHADOW);
        assertThat(crossfade
                        .legacy()
                        .rows("SELECT DISTINCT changed_by, reason FROM crossfade.state WHERE stage = 'shadow'"))
                .containsExactly("environment|USE_LEGACY_SUPABASE=true");

        BackToLegacy.begin(crossfade.proxy(), "USE_LEGACY_SUPABASE=true", told::add);
        assertThat(told).last().asString().contains("nothing stands beyond stage shadow");
    }

    private static Stage stage(String repository) {
        return crossfade.proxy().rollouts().current().of(repository).stage();
    }

    private static void move(String repository, Stage stage) {
        var unused = crossfade
                .proxy()
                .rollouts()
                .change(repository, Change.toStage(stage), OptionalLong.empty(), ANNA)
                .await();
    }

    private static void await(BooleanSupplier condition) {
        Instant deadline = Instant.now().plusSeconds(60);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(deadline);
            LockSupport.parkNanos(10_000_000);
        }
    }
}
