package io.crossfade.observation;

import static io.crossfade.observation.CallsServed.failed;
import static io.crossfade.observation.CallsServed.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.call.Operation;
import io.crossfade.migration.Side;
import io.crossfade.observation.CallTally.Counts;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallTallyTest {
    private long millis = 1_000_000_000_000L;
    private final CallTally tally = new CallTally(() -> java.time.Instant.ofEpochMilli(millis));

    @Test
    void readsAndWritesAreCountedBySide() {
        tally.observe(ok("clients", Operation.FIND_ONE, Side.TARGET));
        tally.observe(ok("clients", Operation.COUNT, Side.TARGET));
        tally.observe(ok("clients", Operation.FIND_MANY, Side.LEGACY));
        tally.observe(ok("clients", Operation.INSERT, Side.LEGACY));
        tally.observe(ok("bookings", Operation.INSERT, Side.TARGET));

        assertThat(tally.of("clients")).isEqualTo(new Counts(1, 1, 2, 0));
        assertThat(tally.of("bookings")).isEqualTo(new Counts(0, 0, 0, 1));
        assertThat(tally.of("nothing")).isEqualTo(new Counts(0, 0, 0, 0));
    }

    @Test
    void aCallThatNoSideAnsweredIsNotCounted() {
        tally.observe(failed("clients", null, "CF503"));

        assertThat(tally.of("clients")).isEqualTo(new Counts(0, 0, 0, 0));
    }

    @Test
    void aCallIsForgottenAfterAMinute() {
        tally.observe(ok("clients", Operation.FIND_ONE, Side.LEGACY));
        millis += 59_000;
        tally.observe(ok("clients", Operation.FIND_ONE, Side.LEGACY));
        assertThat(tally.of("clients").legacyReads()).isEqualTo(2);

        millis += 1_000;
        assertThat(tally.of("clients").legacyReads()).isEqualTo(1);
        tally.observe(ok("clients", Operation.FIND_ONE, Side.LEGACY));
        assertThat(tally.of("clients").legacyReads()).isEqualTo(2);

        millis += 3_600_000;
        assertThat(tally.of("clients").legacyReads()).isZero();
    }

    @Test
    void callsOfManyThreadsAreAllCounted() {
        IntStream.range(0, 40_000)
                .parallel()
                .forEach(i -> tally.observe(ok("clients", Operation.FIND_ONE, Side.LEGACY)));

        assertThat(tally.of("clients").legacyReads()).isEqualTo(40_000);
    }
}
