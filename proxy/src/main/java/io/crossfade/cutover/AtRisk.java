package io.crossfade.cutover;

import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.CallServed;
import io.crossfade.observation.Observation.CaptureSeen;
import io.crossfade.observation.Observation.ReplayProgress;
import io.crossfade.observation.Observation.WriteAcknowledged;
import io.crossfade.observation.Observation.WriteAcknowledged.Result;
import io.crossfade.observation.Observer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How many writes of each group the side that is not its authority may lack at this moment, as far as this instance can know
 * without asking: what would be missing if the authority were taken away by force now.
 *
 * <p>A journal entry counts as one, and holds the rows of one statement. What other instances and other programs have
 * written since the last look is not in it, because nobody here knows; nor is what functions wrote. Threads: any.
 */
public final class AtRisk implements Observer {
    private final UnaryOperator<String> groupOf;
    private final Map<String, Counts> groups = new ConcurrentHashMap<>();

    /** @param groupOf the group of a repository */
    public AtRisk(UnaryOperator<String> groupOf) {
        this.groupOf = groupOf;
    }

    /** What is known of a group. */
    public Risk of(String group) {
        Counts counts = groups.get(group);
        return counts == null ? new Risk(0, 0, 0, 0, null) : counts.risk();
    }

    @Override
    public void observe(Observation observation) {
        if (observation instanceof CaptureSeen seen) {
            of(seen.group(), counts -> counts.looked(seen.entries()));
        } else if (observation instanceof ReplayProgress progress) {
            of(progress.group(), counts -> counts.refused(progress.deadLetters()));
        } else if (observation instanceof WriteAcknowledged write) {
            of(groupOf.apply(write.repository()), counts -> counts.acknowledged(write.result()));
        } else if (observation instanceof CallServed served
                && served.code() == null
                && !served.operation().isRead()) {
            of(groupOf.apply(served.repository()), Counts::served);
        }
    }

    private void of(String group, java.util.function.Consumer<Counts> change) {
        Counts counts = groups.computeIfAbsent(group, first -> new Counts());
        synchronized (counts) {
            change.accept(counts);
        }
    }

    /**
     * What may be missing.
     *
     * @param backlog journal entries that waited at the last look that the authority answered, counted up to 10,000
     * @param deadLetters rows that the other side would not take
     * @param unacknowledged writes that this instance has answered since without the other side having them
     * @param sinceLook further writes that this instance has answered since, of which it does not know
     * @param lookedSecondsAgo the age of that look; null before the first
     */
    public record Risk(
            long backlog,
            long deadLetters,
            long unacknowledged,
            long sinceLook,
            @Nullable Long lookedSecondsAgo) {
        /** All of it. */
        public long rows() {
            return backlog + deadLetters + unacknowledged + sinceLook;
        }

        /** Under the names of a report. */
        public Map<String, Object> report(String group) {
            Map<String, Object> report = new LinkedHashMap<>();
            report.put(group + ".rowsAtRisk", rows());
            report.put(group + ".backlogAtLastLook", backlog);
            report.put(group + ".deadLetters", deadLetters);
            report.put(group + ".answeredWithoutShadow", unacknowledged);
            report.put(group + ".writtenSinceLastLook", sinceLook);
            if (lookedSecondsAgo != null) {
                report.put(group + ".lastLookSecondsAgo", lookedSecondsAgo);
            }
            return report;
        }
    }

    /**
     * Of one group. What came between the last two looks is kept, because a look may have begun before it; so it counts twice
     * for a second rather than not at all.
     */
    private static final class Counts {
        private long backlog;
        private long deadLetters;
        private long lookedNanos;
        private Window before = new Window();
        private Window now = new Window();

        void looked(long entries) {
            backlog = entries;
            lookedNanos = System.nanoTime();
            before = now;
            now = new Window();
        }

        void refused(int letters) {
            deadLetters = letters;
        }

        void acknowledged(Result result) {
            if (result == Result.REPLAYED) {
                now.replayed++;
            } else {
                now.unacknowledged++;
            }
        }

        void served() {
            now.served++;
        }

        synchronized Risk risk() {
            long unacknowledged = before.unacknowledged + now.unacknowledged;
            long replayed = before.replayed + now.replayed;
            return new Risk(
                    backlog,
                    deadLetters,
                    unacknowledged,
                    Math.max(0, before.served + now.served - replayed - unacknowledged),
                    lookedNanos == 0 ? null : TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - lookedNanos));
        }
    }

    private static final class Window {
        private long served;
        private long replayed;
        private long unacknowledged;
    }
}
