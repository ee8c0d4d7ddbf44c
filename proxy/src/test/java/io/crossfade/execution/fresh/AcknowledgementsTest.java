package io.crossfade.execution.fresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.call.Answer;
import io.crossfade.call.Caller;
import io.crossfade.call.Delete;
import io.crossfade.call.Query;
import io.crossfade.call.Repository;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation.WriteAcknowledged;
import io.crossfade.observation.Observation.WriteAcknowledged.Result;
import io.crossfade.routing.RepositoryRollout;
import io.crossfade.routing.RouteTable;
import io.crossfade.routing.ShadowState;
import io.crossfade.routing.Shadows;
import io.crossfade.settings.FreshnessSettings;
import io.crossfade.settings.FreshnessSettings.StaleReads;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How long the answer to a write waits, decided by what is known of the shadow. */
class AcknowledgementsTest {
    private static final Duration NEVER = Duration.ofHours(2);
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Delete WRITE = new Delete(
            Repository.ofDefaultSchema("public", "clients"),
            new Caller(null, "someone"),
            List.of(),
            Query.EVERYTHING,
            Answer.ROWS);

    private final Vertx vertx = Vertx.vertx();
    private final List<WriteAcknowledged> observed = new CopyOnWriteArrayList<>();
    private final List<Promise<Void>> asked = new CopyOnWriteArrayList<>();
    private volatile @Nullable ShadowState state;
    private final Acknowledgements acknowledgements = new Acknowledgements(
            vertx, (name, authority) -> new Known(), observation -> observed.add((WriteAcknowledged) observation));

    @AfterEach
    void close() {
        vertx.close().await();
    }

    @Test
    void theAnswerComesWhenTheShadowHasTheWrite() {
        state = inStep();
        Future<Void> answer = acknowledgements.of(WRITE, table(Stage.ROLLOUT, NEVER, NEVER));
        assertThat(answer.isComplete()).isFalse();

        asked.get(0).complete();

        await(answer);
        assertThat(observed).extracting(WriteAcknowledged::result).containsExactly(Result.REPLAYED);
    }

    @Test
    void aShadowThatIsInStepIsWaitedForUntilTheTimeout() {
        state = inStep();

        await(acknowledgements.of(WRITE, table(Stage.ROLLOUT, Duration.ofMinutes(1), SHORT)));

        assertThat(observed).extracting(WriteAcknowledged::result).containsExactly(Result.TIMEOUT);
        assertThat(observed.get(0).nanos()).isGreaterThanOrEqualTo(SHORT.toNanos());
    }

    @Test
    void aShadowOfWhichNothingIsKnownIsWaitedForAsLongAsALeaseHolds() {
        long old = System.nanoTime() - Duration.ofMinutes(1).toNanos();
        state = new ShadowState(now(), now().minusDays(1), old, old, null);

        await(acknowledgements.of(WRITE, table(Stage.ROLLOUT, SHORT, NEVER)));

        assertThat(observed).extracting(WriteAcknowledged::result).containsExactly(Result.TIMEOUT);
        assertThat(observed.get(0).nanos()).isGreaterThanOrEqualTo(SHORT.toNanos());
    }

    @Test
    void aShadowThatFellBehindJustNowIsWaitedForAsLongAsALeaseHolds() {
        long now = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        state = new ShadowState(now(), null, now, now, now);

        await(acknowledgements.of(WRITE, table(Stage.ROLLOUT, SHORT, NEVER)));

        assertThat(observed.get(0).nanos()).isGreaterThanOrEqualTo(SHORT.toNanos());
    }

    @Test
    void aShadowThatIsKnownToBeBehindIsNotWaitedFor() {
        long now = System.nanoTime();
        Duration lease = Duration.ofHours(1);
        state = new ShadowState(now(), null, now, now, now - lease.toNanos());

        assertThat(acknowledgements
                        .of(WRITE, table(Stage.ROLLOUT, lease, NEVER))
                        .isComplete())
                .isTrue();
        assertThat(observed).extracting(WriteAcknowledged::result).containsExactly(Result.SKIPPED);
        assertThat(asked).isEmpty();
    }

    /** Such as a red one: each proxy finds that out by itself, and meanwhile the leases of others go on. */
    @Test
    void aShadowThatPerhapsOnlyThisProxyDoesNotReadIsWaitedForAsLongAsALeaseHolds() {
        long now = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        state = new ShadowState(now(), null, now, now, null);

        await(acknowledgements.of(WRITE, table(Stage.ROLLOUT, SHORT, NEVER)));

        assertThat(observed).extracting(WriteAcknowledged::result).containsExactly(Result.TIMEOUT);
        assertThat(observed.get(0).nanos()).isGreaterThanOrEqualTo(SHORT.toNanos());
    }

    @Test
    void aReplayThatLeftTheGroupBehindIsNoAnswerBeforeTheLeasesHaveRunOut() {
        state = inStep();
        Future<Void> answer = acknowledgements.of(WRITE, table(Stage.ROLLOUT, Duration.ofMinutes(30), NEVER));
        long now = System.nanoTime();
        state = new ShadowState(now(), null, now, now, now);
        asked.get(0).complete();
        assertThat(answer.isComplete()).isFalse();

        state = inStep();
        Future<Void> other = acknowledgements.of(WRITE, table(Stage.ROLLOUT, SHORT, NEVER));
        state = new ShadowState(now(), null, now, now, now);
        asked.get(1).complete();
        await(other);
        assertThat(observed.get(0).result()).isEqualTo(Result.TIMEOUT);
        assertThat(answer.isComplete()).isFalse();
    }

    @Test
    void whoeverComesWhileAQuestionIsUnderWayWaitsForTheNextOne() {
        state = inStep();
        RouteTable table = table(Stage.ROLLOUT, NEVER, NEVER);
        Future<Void> first = acknowledgements.of(WRITE, table);
        List<Future<Void>> later = new ArrayList<>();
        for (int n = 0; n < 100; n++) {
            later.add(acknowledgements.of(WRITE, table));
        }
        assertThat(asked).hasSize(1);

        asked.get(0).complete();
        await(first);
        assertThat(asked).hasSize(2);
        assertThat(later).noneMatch(Future::isComplete);
        asked.get(1).complete();
        await(Future.join(later).mapEmpty());
    }

    @Test
    void whereTheShadowingEndsTheAnswerComesAfterItsLimit() {
        state = inStep();
        Future<Void> answer = acknowledgements.of(WRITE, table(Stage.ROLLOUT, Duration.ofMinutes(1), SHORT));
        asked.get(0).fail("the replayer was stopped");

        await(answer);
        assertThat(observed).extracting(WriteAcknowledged::result).containsExactly(Result.TIMEOUT);
        Future<Void> next = acknowledgements.of(WRITE, table(Stage.ROLLOUT, NEVER, NEVER));
        asked.get(1).complete();
        await(next);
    }

    @Test
    void theAnswerComesOnTheThreadOfTheOneWhoAsked() {
        state = inStep();
        Context caller = vertx.getOrCreateContext();
        Promise<Void> answered = Promise.promise();
        Promise<Void> begun = Promise.promise();
        Promise<Boolean> onCaller = Promise.promise();
        caller.runOnContext(on -> {
            acknowledgements
                    .of(WRITE, table(Stage.ROLLOUT, NEVER, NEVER))
                    .onComplete(done -> onCaller.complete(Vertx.currentContext() == caller))
                    .onComplete(answered);
            begun.complete();
        });
        await(begun.future());
        asked.get(0).complete();

        await(answered.future());
        assertThat(onCaller.future().result()).isTrue();
    }

    @Test
    void stagesWhoseReadsAreAllOnTheAuthorityNeitherAskNorWait() {
        for (Stage stage : List.of(Stage.OFF, Stage.DUAL_WRITE, Stage.SHADOW, Stage.COMPLETE)) {
            assertThat(acknowledgements.of(WRITE, table(stage, NEVER, NEVER)).isComplete())
                    .isTrue();
        }
        assertThat(asked).isEmpty();
        assertThat(observed).isEmpty();
    }

    private static void await(Future<Void> answer) {
        try {
            answer.await(30, TimeUnit.SECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new AssertionError("no answer", e);
        }
    }

    private static ShadowState inStep() {
        long now = System.nanoTime() + Duration.ofMinutes(1).toNanos();
        return new ShadowState(now(), now().minusDays(1), now, now, null);
    }

    private static OffsetDateTime now() {
        return OffsetDateTime.now(ZoneOffset.UTC);
    }

    private static RouteTable table(Stage stage, Duration freshFor, Duration ackTimeout) {
        FreshnessSettings freshness = new FreshnessSettings(null, ackTimeout, freshFor, StaleReads.REFUSED);
        RepositoryRollout clients = new RepositoryRollout("clients", List.of(), stage, 0, Map.of(), freshness);
        RepositoryRollout others = new RepositoryRollout("", List.of(), Stage.OFF, 0, Map.of());
        return new RouteTable(1, Map.of("clients", clients), others, Map.of());
    }

    private final class Known implements Shadows.Group {
        @Override
        public String name() {
            return "clients";
        }

        @Override
        public ShadowState state() {
            return java.util.Objects.requireNonNull(state);
        }

        @Override
        public Future<Void> caughtUp() {
            Promise<Void> promise = Promise.promise();
            asked.add(promise);
            return promise.future();
        }
    }
}
