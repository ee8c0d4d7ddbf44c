package io.crossfade.mismatch;

import io.crossfade.observation.Observation.ReadCompared;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * How many reads were compared of late, by all proxies together: of this one as it happens, of the others as they write it
 * down, some seconds later.
 *
 * <p>Threads: any; nothing blocks.
 */
final class ComparedReads {
    /** A guardrail looks back no further. */
    private static final Duration KEPT = Duration.ofHours(1);

    /** What another proxy may still add to a span that is over. */
    private static final Duration LATE = Duration.ofMinutes(2);

    private final UUID instance;
    private final InstantSource clock;
    private final Recent own = new Recent();
    private final Recent others = new Recent();
    private boolean asked;

    ComparedReads(UUID instance, InstantSource clock) {
        this.instance = instance;
        this.clock = clock;
    }

    void count(ReadCompared read, boolean confirmed) {
        own.add(Span.of(read.repository(), 1, clock.instant()), confirmed);
    }

    /** What was compared of these repositories since then. */
    ComparedCount since(Set<String> repositories, Instant since) {
        ComparedCount mine = own.since(repositories, since);
        // Also of the span that had begun by then: it is shares that are judged, and nothing of the others' is to be
        // missed.
        ComparedCount theirs = others.since(repositories, since.minusSeconds(Span.SHORT));
        return mine.plus(theirs);
    }

    /** Asks what the other proxies have written down; what fails is asked again the next time. */
    Future<Void> look(List<MismatchReader> sides) {
        Instant now = clock.instant();
        own.forgetBefore(now.minus(KEPT));
        others.forgetBefore(now.minus(KEPT));
        Instant since = now.minus(asked ? LATE : KEPT);
        List<Future<Map<Span, ComparedCount>>> answers = new ArrayList<>();
        sides.forEach(side -> answers.add(side.lately(since.atOffset(ZoneOffset.UTC), instance)));
        return Future.join(answers).transform(answered -> {
            Map<Span, ComparedCount> all = new HashMap<>();
            for (Future<Map<Span, ComparedCount>> answer : answers) {
                if (answer.succeeded()) {
                    asked = true;
                    answer.result().forEach((span, counts) -> all.merge(span, counts, ComparedCount::or));
                }
            }
            others.put(all);
            return Future.succeededFuture();
        });
    }
}
