package io.crossfade.execution.fresh;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.DatabaseFailure;
import io.crossfade.routing.ShadowState;
import java.net.ConnectException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** For how long a write keeps reads from the shadow. */
class SentWriteTest {
    private static final Duration UNCERTAIN = Duration.ofSeconds(35);

    private final Unreplayed mark = new Unreplayed();

    @Test
    void aWriteUnderWayIsMissedByEveryState() {
        SentWrite write = sent();

        assertThat(write.isMissingIn(seen(Duration.ofSeconds(1)))).isTrue();
        assertThat(mark.isMissingIn(seen(Duration.ofSeconds(1)))).isTrue();
    }

    @Test
    void aWriteThatEndedIsMissedByOlderStatesOnly() {
        SentWrite write = sent();
        ShadowState before = seen(Duration.ZERO);
        write.ended(null);

        assertThat(write.isMissingIn(before)).isTrue();
        assertThat(mark.isMissingIn(before)).isTrue();
        assertThat(write.isMissingIn(seen(Duration.ofSeconds(1)))).isFalse();
        assertThat(mark.isMissingIn(seen(Duration.ofSeconds(1)))).isFalse();
    }

    @Test
    void aStateOfAGroupThatIsBehindIncludesNothing() {
        SentWrite write = sent();
        write.ended(null);
        long later = System.nanoTime() + 1_000_000_000L;

        assertThat(write.isMissingIn(new ShadowState(OffsetDateTime.now(ZoneOffset.UTC), null, later, later, null)))
                .isTrue();
    }

    @Test
    void aWriteWhoseConnectionWasLostMayStillCommitWhileTheServerIsBusyWithIt() {
        SentWrite write = sent();
        write.ended(failure(Code.CF503, null));

        assertThat(write.isMissingIn(seen(UNCERTAIN.minusSeconds(5)))).isTrue();
        assertThat(mark.isMissingIn(seen(UNCERTAIN.minusSeconds(5)))).isTrue();
        assertThat(write.isMissingIn(seen(UNCERTAIN.plusSeconds(5)))).isFalse();
    }

    @Test
    void theLatestEndOfSeveralWritesCounts() {
        SentWrite lost = sent();
        SentWrite answered = sent();
        lost.ended(failure(Code.CF504, null));
        answered.ended(null);

        assertThat(mark.isMissingIn(seen(UNCERTAIN.minusSeconds(5)))).isTrue();
    }

    @Test
    void onlyFailuresThatLeaveTheOutcomeOpenMayHaveCommitted() {
        assertThat(SentWrite.mayHaveCommitted(failure(Code.CF503, null))).isTrue();
        assertThat(SentWrite.mayHaveCommitted(failure(Code.CF504, null))).isTrue();
        assertThat(SentWrite.mayHaveCommitted(failure(Code.CF500, null))).isTrue();
        assertThat(SentWrite.mayHaveCommitted(new IllegalStateException())).isTrue();
        assertThat(SentWrite.mayHaveCommitted(new DatabaseFailure("57P01", "terminated", null, null)))
                .isTrue();
        assertThat(SentWrite.mayHaveCommitted(failure(Code.CF503, new ConnectException())))
                .isFalse();
        assertThat(SentWrite.mayHaveCommitted(failure(Code.CF429, null))).isFalse();
        assertThat(SentWrite.mayHaveCommitted(failure(Code.PGRST116, null))).isFalse();
        assertThat(SentWrite.mayHaveCommitted(new DatabaseFailure("23505", "duplicate", null, null)))
                .isFalse();
    }

    @Test
    void oneColumnWithAnotherValueTellsRowsApart() {
        SentWrite write = new SentWrite(Map.of("id", 5L, "phone", "7"), List.of(), UNCERTAIN);

        assertThat(write.mayTouch(Map.of("id", 5L))).isTrue();
        assertThat(write.mayTouch(Map.of("name", "x"))).isTrue();
        assertThat(write.mayTouch(Map.of())).isTrue();
        assertThat(write.mayTouch(Map.of("id", 6L))).isFalse();
        assertThat(write.mayTouch(Map.of("id", 5L, "phone", "8"))).isFalse();
        assertThat(write.mayTouch(Map.of("id", "6")))
                .as("a column whose type has changed meanwhile")
                .isTrue();
    }

    private SentWrite sent() {
        return new SentWrite(Map.of(), List.of(mark), UNCERTAIN);
    }

    private static CallFailure failure(Code code, @Nullable Throwable cause) {
        return new CallFailure(code, "it failed", null, null, cause);
    }

    private static ShadowState seen(Duration fromNow) {
        long nanos = System.nanoTime() + fromNow.toNanos();
        OffsetDateTime asOf = OffsetDateTime.now(ZoneOffset.UTC);
        return new ShadowState(asOf, asOf.minusDays(1), nanos, nanos, null);
    }
}
