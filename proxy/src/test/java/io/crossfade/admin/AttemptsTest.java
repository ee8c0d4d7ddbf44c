package io.crossfade.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How many wrong tokens may be shown. */
class AttemptsTest {
    private static final String HERE = "192.0.2.1";

    private final AtomicLong now = new AtomicLong(-5);
    private final Attempts attempts = new Attempts(now::get);

    @Test
    void afterTenDifferentOnesAnAddressHasToWaitUntilTheMinuteIsOver() {
        wrong(HERE, 9);
        assertThat(attempts.secondsToWait(HERE)).isZero();
        attempts.wrong(HERE, "one more");
        assertThat(attempts.secondsToWait(HERE)).isBetween(60L, 61L);
        assertThat(attempts.secondsToWait("192.0.2.2")).isZero();

        now.addAndGet(TimeUnit.SECONDS.toNanos(59));
        assertThat(attempts.secondsToWait(HERE)).isBetween(1L, 2L);
        now.addAndGet(TimeUnit.SECONDS.toNanos(1));
        assertThat(attempts.secondsToWait(HERE)).isZero();
    }

    @Test
    void theSameOneAgainCountsOnce() {
        for (int i = 0; i < 1_000; i++) {
            attempts.wrong(HERE, "of last week");
        }
        assertThat(attempts.secondsToWait(HERE)).isZero();
    }

    @Test
    void manyAddressesTogetherReachALimitThatSparesWhoShowedARightOneBefore() {
        attempts.right(HERE);
        for (int i = 0; i < Attempts.OVER_ALL; i++) {
            attempts.wrong("198.51.100." + i, "token " + i);
        }
        assertThat(attempts.secondsToWait("203.0.113.1")).isPositive();
        assertThat(attempts.secondsToWait(HERE)).isZero();

        wrong(HERE, Attempts.PER_ADDRESS);
        assertThat(attempts.secondsToWait(HERE)).as("its own limit").isPositive();

        now.addAndGet(TimeUnit.MINUTES.toNanos(1));
        assertThat(attempts.secondsToWait("203.0.113.1")).isZero();
    }

    @Test
    void onlySoManyAddressesAreSpared() {
        attempts.right(HERE);
        for (int i = 0; i < 1_000; i++) {
            attempts.right("address " + i);
        }
        for (int i = 0; i < Attempts.OVER_ALL; i++) {
            attempts.wrong("198.51.100." + i, "token " + i);
        }
        assertThat(attempts.secondsToWait(HERE)).isPositive();
        assertThat(attempts.secondsToWait("address 999")).isZero();
    }

    @Test
    void aRefusalIsToldOnceAMinute() {
        assertThat(attempts.isWorthTelling()).isTrue();
        assertThat(attempts.isWorthTelling()).isFalse();
        now.addAndGet(TimeUnit.MINUTES.toNanos(1));
        assertThat(attempts.isWorthTelling()).isTrue();
    }

    private void wrong(String address, int tokens) {
        for (int i = 0; i < tokens; i++) {
            attempts.wrong(address, "wrong " + i);
        }
    }
}
