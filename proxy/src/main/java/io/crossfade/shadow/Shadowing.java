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
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
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
    private static final long RETRY_MILLIS = 1_000;
    private static final long RESUME_SECONDS = 10;

    private final Vertx vertx;
    private final Sides sides;
    private final Observer observer;
    private final Fences fences;
    /** By group: the repositories that want it. */
    private final Map<String, Shadowed> groups = new ConcurrentSkipListMap<>();

    /** What was begun and not ended: a try that comes through late must not bring back what was ended meanwhile. */
    private final Set<String> wanted = ConcurrentHashMap.newKeySet();

    /** By group: what is still being ended, for which its next beginning waits. */
    private final Map<String, Future<Void>> ending = new ConcurrentHashMap<>();

    /** By repository. */
    private final Map<String, String> groupOf = new ConcurrentHashMap<>();

    private volatile @Nullable Replayer replayer;
    private volatile @Nullable Watchdog watchdog;
    private volatile @Nullable BiFunction<Set<String>, String, Future<Void>> endOfJournal;
    private volatile boolean failing;
    private volatile boolean closed;

    public Shadowing(Vertx vertx, Sides sides, Observer observer) {
        this.vertx = vertx;
        this.sides = sides;
        this.observer = observer;
        this.fences = new Fences(vertx, sides);
    }

    /**
     * Shadows the groups of these repositories from now on: first the fence, then the replay.
     *
     * @return completes when nobody but the replay can write on the target; fails with a sentence for the operator
     */
    public Future<Void> begin(Collection<String> repositories) {
        wanted.addAll(repositories);
        return InstalledGroups.refuseGivenUp(legacy(), repositories).compose(captured -> beginAll(repositories));
    }

    private Future<Void> beginAll(Collection<String> repositories) {
        return InstalledGroups.members(legacy(), repositories)
                .compose(groups ->
                        each(groups.entrySet(), group -> beginGroup(group.getKey(), group.getValue(), repositories)));
    }

    /**
     * Begins again after a start. A database that is away does not keep the proxy from starting: nothing is lost meanwhile,
     * because capture works without us; it is tried again until it works.
     *
     * @return fails only where the operator has to do something
     */
    public Future<Void> resume(Collection<String> repositories) {
        wanted.addAll(repositories);
        return resumeWanted(repositories);
    }

    private Future<Void> resumeWanted(Collection<String> some) {
        List<String> repositories = some.stream().filter(wanted::contains).toList();
        if (repositories.isEmpty()) {
            return Future.succeededFuture();
        }
        return beginAll(repositories)
                // A database that stays silent must not hold up the start of the front doors.
                .timeout(RESUME_SECONDS, TimeUnit.SECONDS)
                .onSuccess(begun -> failing = false)
                .recover(error ->
                        error instanceof ShadowingException ? Future.failedFuture(error) : later(repositories, error));
    }

    private Future<Void> later(Collection<String> repositories, Throwable error) {
        if (!failing) {
            observer.observe(new ReplayFailed("all", String.valueOf(error.getMessage())));
            failing = true;
        }
        if (!closed) {
            vertx.setTimer(
                    RETRY_MILLIS,
                    tick -> resumeWanted(repositories)
                            .onFailure(refused ->
                                    observer.observe(new ReplayFailed("all", String.valueOf(refused.getMessage())))));
        }
        return Future.succeededFuture();
    }

    /** Stops shadowing the groups that none of the other repositories wants: first the replay, then the fence. */
    public Future<Void> end(Collection<String> repositories) {
        wanted.removeAll(List.copyOf(repositories));
        return each(unwanted(repositories), this::endGroup);
    }

    private synchronized List<Shadowed> unwanted(Collection<String> repositories) {
        List<Shadowed> ended = new ArrayList<>();
        for (Shadowed group : List.copyOf(groups.values())) {
            group.wanting().removeAll(List.copyOf(repositories));
            if (group.wanting().isEmpty()) {
                ended.add(group);
                groups.remove(group.name());
                group.members().forEach(groupOf::remove);
                ending.put(group.name(), group.ended().future());
            }
        }
        return ended;
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
        return fences.raiseAgain(() -> {
            Shadowed group = groups.get(name);
            return group == null ? Set.of() : group.members();
        });
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

    private Future<Void> beginGroup(String name, Set<String> members, Collection<String> wanting) {
        // Those of other groups would keep this one alive.
        List<String> its = wanting.stream().filter(members::contains).toList();
        if (joined(name, its)) {
            return Future.succeededFuture();
        }
        return ending.getOrDefault(name, Future.succeededFuture())
                .transform(ended -> fences.raise(members, () -> begun(name, members, its)));
    }

    private synchronized boolean joined(String name, Collection<String> wanting) {
        Shadowed running = groups.get(name);
        if (running != null) {
            wanting.stream().filter(wanted::contains).forEach(running.wanting()::add);
        }
        return running != null;
    }

    /** Whether the fence that was raised is to stay: nobody wants it any more where the group was ended meanwhile. */
    private synchronized boolean begun(String name, Set<String> members, Collection<String> wanting) {
        // An earlier try that was given up may have come through after all: one replayer is enough.
        if (closed || joined(name, wanting)) {
            return true;
        }
        Set<String> its = ConcurrentHashMap.newKeySet();
        wanting.stream().filter(wanted::contains).forEach(its::add);
        if (its.isEmpty()) {
            return false;
        }
        Replayer current = replayer();
        current.add(name);
        SequenceStep sequences = SequenceStep.start(
                vertx,
                name,
                legacy(),
                target(),
                SequenceStep.EVERY,
                () -> current.progress(name).leading(),
                observer);
        groups.put(name, new Shadowed(name, members, its, sequences, Promise.promise()));
        members.forEach(member -> groupOf.put(member, name));
        return true;
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

    private Future<Void> endGroup(Shadowed group) {
        return group.sequences()
                .stop()
                .compose(still -> replayer().remove(group.name()))
                .compose(stopped -> lower(group))
                .compose(lowered -> fences.clear(() -> unshadowed(group)))
                .onComplete(done -> {
                    ending.remove(group.name(), group.ended().future());
                    group.ended().complete();
                });
    }

    /** A fence that stays where nothing is shadowed any more would refuse writes for no reason: it is tried until it is down. */
    private Future<Void> lower(Shadowed group) {
        return fences.lower(() -> unshadowed(group)).onFailure(away -> {
            if (!closed) {
                vertx.setTimer(RETRY_MILLIS, tick -> {
                    var unused = lower(group);
                });
            }
        });
    }

    private Set<String> unshadowed(Shadowed group) {
        return groups.containsKey(group.name()) ? Set.of() : group.members();
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

    private record Shadowed(
            String name, Set<String> members, Set<String> wanting, SequenceStep sequences, Promise<Void> ended) {}
}
