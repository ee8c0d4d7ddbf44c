package io.crossfade.shadow;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.CallServed;
import io.crossfade.observation.Observation.ReplayFailed;
import io.crossfade.observation.Observer;
import io.crossfade.routing.Shadows;
import io.crossfade.settings.JournalSettings;
import io.crossfade.shadow.replay.Progress;
import io.crossfade.shadow.replay.ReplaySettings;
import io.crossfade.shadow.replay.Replayer;
import io.crossfade.shadow.watch.Watchdog;
import io.crossfade.shadow.watch.Watched;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The groups that are shadowed now. While a group is, the database itself refuses writes on the target, and every change
 * that commits on legacy reaches it by the journal.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class Shadowing implements Observer, Shadows, Watched {
    private final Vertx vertx;
    private final Sides sides;
    private final Observer observer;
    private final Map<String, Shadowed> groups = new ConcurrentSkipListMap<>();

    /** By repository. */
    private final Map<String, String> groupOf = new ConcurrentHashMap<>();

    /** Groups whose last batch is under way. */
    private final Map<String, Future<Void>> stopping = new ConcurrentHashMap<>();

    private volatile RaisesFences fences = (side, group, members) -> Future.succeededFuture(Map.of());
    private volatile @Nullable Replayer replayer;
    private volatile @Nullable Watchdog watchdog;
    private volatile @Nullable BiFunction<Set<String>, String, Future<Void>> endOfJournal;
    private volatile boolean closed;

    public Shadowing(Vertx vertx, Sides sides, Observer observer) {
        this.vertx = vertx;
        this.sides = sides;
        this.observer = observer;
    }

    /**
     * Replays a group from now on; nothing where it is replayed already. There has to be a fence by then.
     *
     * @param members its repositories, as they were installed
     */
    public synchronized Future<Void> follow(String group, Set<String> members) {
        Shadowed running = groups.get(group);
        if (closed || (running != null && running.members().equals(members))) {
            return Future.succeededFuture();
        }
        Future<Void> ending = running == null ? stopping.get(group) : stop(group);
        if (ending != null) {
            return ending.transform(ended -> follow(group, members));
        }
        Replayer current = replayer();
        SequenceStep sequences = SequenceStep.start(
                vertx,
                group,
                legacy(),
                target(),
                SequenceStep.EVERY,
                () -> current.progress(group).leading(),
                observer);
        groups.put(group, new Shadowed(group, Set.copyOf(members), sequences));
        members.forEach(member -> groupOf.put(member, group));
        current.add(group);
        return Future.succeededFuture();
    }

    /** Replays a group no more; completes when nothing of it is under way here. */
    public synchronized Future<Void> stop(String group) {
        Shadowed running = groups.remove(group);
        if (running == null) {
            return stopping.getOrDefault(group, Future.succeededFuture());
        }
        running.members().forEach(groupOf::remove);
        Future<Void> stopped =
                running.sequences().stop().compose(still -> replayer().remove(group));
        stopping.put(group, stopped);
        return stopped.onComplete(done -> stopping.remove(group, stopped));
    }

    /** Fails, with a sentence for the operator, where one of the repositories captures nothing any more. */
    public Future<Void> refuseGivenUp(Collection<String> repositories) {
        return InstalledGroups.refuseGivenUp(legacy(), repositories);
    }

    /** Who raises a fence again that somebody else has changed, and tells how the fences look then. */
    public void raisesBy(RaisesFences raises) {
        fences = raises;
    }

    @Override
    public Shadows.@Nullable Group of(String repository) {
        String group = groupOf.get(repository);
        Replayer current = replayer;
        return group == null || current == null ? null : new ReplayedGroup(current, group, isRed(group));
    }

    /** How far each group is. */
    public Map<String, Progress> progress() {
        Map<String, Progress> progress = new TreeMap<>();
        Replayer current = replayer;
        if (current != null) {
            groups.keySet().forEach(name -> progress.put(name, current.progress(name)));
        }
        return progress;
    }

    /** How far the shadow of a group is behind; null where that is not known. */
    public @Nullable Duration lag(String group) {
        Replayer current = replayer;
        Progress progress = current == null || !groups.containsKey(group) ? null : current.progress(group);
        return progress == null || progress.asOf() == null ? null : progress.lag();
    }

    /** Completes when everything that had committed before this call is on the target. */
    public Future<Void> caughtUp() {
        Replayer current = replayer;
        return current == null ? Future.succeededFuture() : each(List.copyOf(groups.keySet()), current::caughtUp);
    }

    /** Wakes the replay of a repository that was written through this proxy. */
    @Override
    public void observe(Observation observation) {
        if (observation instanceof CallServed served && !served.operation().isRead() && served.code() == null) {
            nudge(served.repository());
        } else if (observation instanceof ReplayFailed) {
            // It may have met a table that was changed: the sooner that is known, the fewer reads see it.
            Watchdog dog = watchdog;
            if (dog != null) {
                dog.look();
            }
        }
    }

    /** Has the replay of a repository look at once. */
    void nudge(String repository) {
        String group = groupOf.get(repository);
        Replayer current = replayer;
        if (group != null && current != null) {
            current.nudge(group);
        }
    }

    /**
     * Has capture, fences and journal watched over from now on.
     *
     * @param whenGivenUp moves the repositories of a group to stage off whose journal was given up, for a reason
     */
    public void watch(JournalSettings limits, BiFunction<Set<String>, String, Future<Void>> whenGivenUp) {
        endOfJournal = whenGivenUp;
        Watchdog dog = new Watchdog(vertx, sides, this, limits, observer);
        watchdog = dog;
        dog.start();
    }

    /** How the capture of each installed group is, and what the journal takes; null before {@link #watch}. */
    public @Nullable Watchdog watchdog() {
        return watchdog;
    }

    /** Why the shadow of a group cannot be relied on, so that reads stay on the authority; null while it can. */
    public @Nullable String red(String group) {
        Watchdog dog = watchdog;
        return dog == null ? null : dog.red(group);
    }

    /** Also before the first look: what was written down of it before this start is not known yet. */
    private boolean isRed(String group) {
        Watchdog dog = watchdog;
        return dog != null && (dog.red(group) != null || !dog.hasSeen(group));
    }

    @Override
    public Set<String> groups() {
        return Set.copyOf(groups.keySet());
    }

    @Override
    public Future<Void> caughtUp(String group) {
        Replayer current = replayer;
        return current == null || !groups.containsKey(group)
                ? Future.failedFuture("group " + group + " is not shadowed any more")
                : current.caughtUp(group);
    }

    @Override
    public Future<Map<String, String>> raiseFence(String name) {
        Shadowed group = groups.get(name);
        return group == null ? Future.succeededFuture(Map.of()) : fences.raiseAgain(Side.TARGET, name, group.members());
    }

    @Override
    public Future<Void> giveUp(Set<String> repositories, String reason) {
        BiFunction<Set<String>, String, Future<Void>> end = endOfJournal;
        return end == null ? Future.succeededFuture() : end.apply(repositories, reason);
    }

    /** Ends the replay; the fence stays, and the journal keeps what is left for the next start. */
    public Future<Void> close() {
        closed = true;
        Watchdog dog = watchdog;
        if (dog != null) {
            dog.stop();
        }
        Replayer current = replayer;
        return each(List.copyOf(groups.values()), group -> group.sequences().stop())
                .transform(still -> current == null ? Future.succeededFuture() : current.stop());
    }

    /** One for all groups, once there is one. */
    private synchronized Replayer replayer() {
        Replayer current = replayer;
        if (current == null) {
            current = new Replayer(
                    vertx, Side.LEGACY, legacy().settings(), target().settings(), ReplaySettings.DEFAULTS, observer);
            replayer = current;
            current.start();
        }
        return current;
    }

    private Database legacy() {
        return sides.find(Side.LEGACY).orElseThrow();
    }

    private Database target() {
        return sides.find(Side.TARGET).orElseThrow();
    }

    private static <T> Future<Void> each(Collection<T> items, Function<T, Future<Void>> work) {
        List<Future<Void>> all = new ArrayList<>();
        items.forEach(item -> all.add(work.apply(item)));
        return Future.join(all).mapEmpty();
    }

    /** Raises the fence of a side where its own state says that it belongs there. */
    @FunctionalInterface
    public interface RaisesFences {
        /** How the fence of each repository looks then; none where there is to be no fence. */
        Future<Map<String, String>> raiseAgain(Side side, String group, Set<String> members);
    }

    private record Shadowed(String name, Set<String> members, SequenceStep sequences) {}
}
