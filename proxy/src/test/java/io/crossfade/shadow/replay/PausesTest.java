package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PausesTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
    private final Pauses<String> pauses = new Pauses<>(now::get);

    @Test
    void whatWasAskedIsNotAskedAgainWithinASecondAndOtherThingsAre() {
        assertThat(pauses.areOver("a")).isTrue();
        pauses.begin("a", pauses.now());
        assertThat(pauses.areOver("a")).isFalse();
        assertThat(pauses.areOver("b")).isTrue();
        pass(Duration.ofMillis(999));
        assertThat(pauses.areOver("a")).isFalse();
        pass(Duration.ofMillis(1));
        assertThat(pauses.areOver("a")).isTrue();
    }

    @Test
    void whatTakesLongIsAskedTheMoreSeldom() {
        long since = pauses.now();
        pass(Duration.ofSeconds(2));
        pauses.begin("a", since);
        pass(Duration.ofSeconds(39));
        assertThat(pauses.areOver("a")).isFalse();
        pass(Duration.ofSeconds(1));
        assertThat(pauses.areOver("a")).isTrue();
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
