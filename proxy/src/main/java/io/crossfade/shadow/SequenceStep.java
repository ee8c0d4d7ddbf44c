package io.crossfade.shadow;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.observation.Observation.SequencesLeftAlone;
import io.crossfade.observation.Observer;
import io.crossfade.shadow.replay.Sequences;
import io.crossfade.shadow.replay.Sequences.Followed;
import io.crossfade.sides.Database;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Keeps the sequences of a group's shadow close behind those of its authority, so that a cutover has little left to do.
 * Whatever goes wrong is told once and tried again; replay goes on meanwhile.
 *
 * <p>Threads: any; nothing blocks. There is never more than one look at a time.
 */
final class SequenceStep {
    static final Duration EVERY = Duration.ofSeconds(10);

    /** What may be drawn between the look and the move is made up for by the next look. */
    private static final long MARGIN = 0;

    private final Vertx vertx;
    private final String group;
    private final Database authority;
    private final Database shadow;
    private final BooleanSupplier leading;
    private final Observer observer;
    private final long timer;
    private Future<Void> running = Future.succeededFuture();
    private List<String> told = List.of();
    private boolean stopped;

    private SequenceStep(
            Vertx vertx,
            String group,
            Database authority,
            Database shadow,
            Duration every,
            BooleanSupplier leading,
            Observer observer) {
        this.vertx = vertx;
        this.group = group;
        this.authority = authority;
        this.shadow = shadow;
        this.leading = leading;
        this.observer = observer;
        this.timer = vertx.setPeriodic(every.toMillis(), tick -> step());
    }

    /**
     * Begins.
     *
     * @param leading whether this instance replays the group now
     */
    static SequenceStep start(
            Vertx vertx,
            String group,
            Database authority,
            Database shadow,
            Duration every,
            BooleanSupplier leading,
            Observer observer) {
        return new SequenceStep(vertx, group, authority, shadow, every, leading, observer);
    }

    /** Ends; completes when no sequence is touched any more, which a cutover must wait for before it lowers the fence. */
    synchronized Future<Void> stop() {
        stopped = true;
        vertx.cancelTimer(timer);
        return running;
    }

    private synchronized void step() {
        if (stopped || !running.isComplete() || !leading.getAsBoolean()) {
            return;
        }
        running = Sequences.follow(authority, shadow, group, MARGIN)
                .map(Followed::problems)
                .otherwise(error -> List.of(reason(error)))
                .map(this::tell)
                .mapEmpty();
    }

    /** The words of a database are left out: they may quote what they like. */
    private static String reason(Throwable error) {
        return error instanceof DatabaseFailure said
                ? "a database refused to tell or to set them (SQLSTATE " + said.code() + ")"
                : String.valueOf(error.getMessage());
    }

    /** Only what was not told before. */
    private synchronized List<String> tell(List<String> problems) {
        List<String> news =
                problems.stream().filter(problem -> !told.contains(problem)).toList();
        told = problems;
        if (!news.isEmpty() && !stopped) {
            observer.observe(new SequencesLeftAlone(group, shadow.side(), news));
        }
        return news;
    }
}
