package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Who has lost patience is not kept, wherever the replay stands. */
class WaitingTest {
    private static final Duration SHORT = Duration.ofMillis(1);
    private static final Duration LONG = Duration.ofHours(1);

    private final Waiting waiting = new Waiting();

    @Test
    void whoWaitsNoLongerIsForgotten() {
        Future<Void> late = waiting.ask(SHORT);

        assertThatThrownBy(late::await).isInstanceOf(TimeoutException.class);
        assertThat(waiting.isEmpty()).isTrue();
    }

    @Test
    void whoLostPatienceWhileARoundWasUnderWayIsNotPutBack() {
        Future<Void> late = waiting.ask(SHORT);
        Future<Void> patient = waiting.ask(LONG);
        List<Waiting.Caller> taken = waiting.take();
        assertThatThrownBy(late::await).isInstanceOf(TimeoutException.class);

        waiting.putBack(taken);

        assertThat(waiting.take()).hasSize(1).allSatisfy(Waiting.Caller::complete);
        patient.await();
    }
}
