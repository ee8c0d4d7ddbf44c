package io.crossfade.observation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.crossfade.observation.Observation.MismatchFirstSeen;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What stands in the log. */
class LogObserverTest {
    @Test
    void aNewMismatchIsAWarningWithoutTheNamesThatItsCallersChose() {
        Logger log = (Logger) LoggerFactory.getLogger("io.crossfade");
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        log.addAppender(lines);
        try {
            new LogObserver().observe(new MismatchFirstSeen("clients", "value", "Анна", "findMany clients"));
        } finally {
            log.detachAppender(lines);
        }
        assertThat(lines.list).hasSize(1);
        assertThat(lines.list.get(0).toString())
                .contains("WARN", "clients", "value")
                .doesNotContain("Анна");
    }
}
