package io.crossfade.frontdoor.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private final Admission admission = new Admission(0);
    private final List<String> events = new ArrayList<>();

    @Test
    void callsThatEndAsSoonAsTheyStartAreStartedOneAfterTheOther() {
        assertThat(admission.admit(1, () -> {})).isTrue();
        assertThat(admission.admit(2, () -> endedAtOnce("first", 2))).isTrue();
        assertThat(admission.admit(0, () -> endedAtOnce("second", 0))).isTrue();

        admission.release(1);

        assertThat(events).containsExactly("first begins", "first ends", "second begins", "second ends");
    }

    private void endedAtOnce(String name, long held) {
        events.add(name + " begins");
        admission.release(held);
        events.add(name + " ends");
    }
}
