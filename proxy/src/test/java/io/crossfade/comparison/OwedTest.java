package io.crossfade.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OwedTest {
    private static final long BEGIN = -5;
    private static final long SHORT = Duration.ofMillis(50).toNanos();
    private static final long LONG = Duration.ofMillis(150).toNanos();

    private final Owed owed = new Owed();

    @Test
    void aSideThatOwesNothingIsNotLateHoweverLongItWasNotAsked() {
        owed.asked(BEGIN);
        owed.ended(BEGIN + SHORT, true);
        assertThat(owed.isLate(BEGIN + 10 * LONG)).isFalse();
    }

    @Test
    void aSideThatWasAskedJustNowIsNotLateAndOneThatSaysNothingIs() {
        owed.asked(BEGIN);
        owed.ended(BEGIN + SHORT, false);
        owed.asked(BEGIN + 10 * LONG);
        assertThat(owed.isLate(BEGIN + 10 * LONG + SHORT)).isFalse();
        assertThat(owed.isLate(BEGIN + 11 * LONG)).isTrue();
    }

    @Test
    void aSideThatAnswersOthersMeanwhileIsNotLate() {
        owed.asked(BEGIN);
        owed.asked(BEGIN);
        owed.ended(BEGIN + LONG, false);
        assertThat(owed.isLate(BEGIN + LONG + SHORT)).isFalse();
    }

    @Test
    void aSideThatDidNotAnswerTheLastTimeIsLateUntilItDoes() {
        owed.asked(BEGIN);
        owed.asked(BEGIN);
        owed.asked(BEGIN);
        owed.ended(BEGIN + SHORT, true);
        assertThat(owed.isLate(BEGIN + SHORT)).isTrue();
        owed.ended(BEGIN + SHORT, false);
        assertThat(owed.isLate(BEGIN + SHORT)).isFalse();
    }
}
