package io.crossfade.shadow.replay;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observer;
import io.crossfade.shadow.replay.Batch.Outcome;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Tells the observer how the replay gets on, and each group what came of it.
 *
 * <p>Threads: any.
 */
final class Reports {
    /** Groups are renewed many times a second, which nobody's eye follows. */
    private static final long NANOS_BETWEEN_IDLE = TimeUnit.MILLISECONDS.toNanos(250);

    private final Observer observer;
    private final Side to;
    private final Map<String, Long> lastIdle = new ConcurrentHashMap<>();
    private volatile boolean silent;

    Reports(Observer observer, Side to) {
        this.observer = observer;
        this.to = to;
    }

    /** What goes wrong from now on goes wrong because it ends. */
    void ending() {
        silent = true;
    }

    void batch(GroupReplay group, Outcome outcome) {
        outcome.refused()
                .forEach((row, refusal) -> observer.observe(
                        new Observation.DeadLettered(row.table().repository(), refusal.sqlState(), refusal.problem())));
        outcome.mismatches().forEach(observer::observe);
        if (outcome.moved()) {
            observer.observe(new Observation.Replayed(
                    group.name(), to, outcome.rows(), System.nanoTime() - outcome.startNanos()));
        }
        progress(group, outcome.progress());
    }

    void idle(GroupReplay group) {
        long now = System.nanoTime();
        Long last = lastIdle.get(group.name());
        if (last == null || now - last > NANOS_BETWEEN_IDLE) {
            progress(group, group.progress());
        }
    }

    void failed(GroupReplay group, String problem, boolean keepsLeading) {
        boolean news = group.failed(problem, keepsLeading);
        tell(group, problem, news);
    }

    /** The watcher lost its sessions, and with them every lock. */
    void lost(Collection<GroupReplay> groups, String problem) {
        Map<GroupReplay, Boolean> news = new LinkedHashMap<>();
        // All of them before anybody is told of one.
        groups.forEach(group -> news.put(group, group.lost(problem)));
        news.forEach((group, its) -> tell(group, problem, its));
    }

    void steppedDown(GroupReplay group) {
        var unused = group.failed("another leader has taken over", false);
        observer.observe(new Observation.SteppedDown(group.name()));
    }

    private void tell(GroupReplay group, String problem, boolean news) {
        if (news && !silent) {
            observer.observe(new Observation.ReplayFailed(group.name(), problem));
        }
    }

    private void progress(GroupReplay group, Progress progress) {
        lastIdle.put(group.name(), System.nanoTime());
        observer.observe(
                new Observation.ReplayProgress(group.name(), to, progress.lag().toNanos(), progress.deadLetters()));
    }
}
