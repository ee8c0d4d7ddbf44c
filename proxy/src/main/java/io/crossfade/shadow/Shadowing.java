package io.crossfade.shadow;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.CallServed;
import io.crossfade.observation.Observation.ReplayFailed;
import io.crossfade.observation.Observer;
import io.crossfade.routing.Shadows;
import io.crossfade.settings.JournalSettings;
import io.crossfade.shadow.replay.Progress;
import io.crossfade.shadow.replay.Replayer;
import io.crossfade.shadow.watch.Standing;
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
 * The groups that are shadowed now, each in its own direction. While a group is, the database itself refuses writes on the
 * shadow, and every change that commits on the authority reaches it by the journal.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class Shadowing implements Observer, Shadows, Watched {
    private final Vertx vertx;
    private final Sides sides;
    private final Observer observer;
    private final Replayers replayers;
    private final Map<String, Shadowed> groups = new ConcurrentSkipListMap<>();

    /** By repository. */
    private final Map<String, String> groupOf = new ConcurrentHashMap<>();

    /** Groups whose last batch is under way. */
    private final Map<String, Future<Void>> stopping = new ConcurrentHashMap<>();

    private volatile RaisesFences fences = (side, group, members) -> Future.succeededFuture(Map.of());
    private volatile @Nullable Watchdog watchdog;
    private volatile @Nullable BiFunction<Set<String>, String, Future<Void>> endOfJournal;
    private volatile boolean closed;

    public Shadowing(Vertx vertx, Sides sides, Observer observer) {
        this.vertx = vertx;
        this.sides = sides;
        this.observer = observer;
        this.replayers = new Replayers(vertx, sides, this::isRed, observer);
    }

    /**
     * Replays a group from its authority to the other side from now on; nothing where it is replayed so already. Where it is
     * replayed in the other direction, or with other members, that ends first. There has to be a fence by then.
     *
     * @param members its repositories, as they were installed
     */
    public synchronized Future<Void> follow(String group, Side authority, Set<String> members) {
        Shadowed running = groups.get(group);
        if (closed || (running != null && running.is(authority, members))) {
            return Future.succeededFuture();
        }
        Future<Void> ending = running == null ? stopping.get(group) : stop(group);
        if (ending != null) {
            return ending.transform(ended -> follow(group, authority, members));
        }
        Replayer replayer = replayers.from(authority);
        SequenceStep sequences = SequenceStep.start(
                vertx,
                group,
                side(authority),
                side(authority.other()),
                SequenceStep.EVERY,
                () -> replayer.progress(group).leading(),
                observer);
        groups.put(group, new Shadowed(group, authority, members, replayer, sequences));
        members.forEach(member -> groupOf.put(member, group));
        replayer.add(group);
        return Future.succeededFuture();
    }

    /** Replays a group no more; completes when nothing of it is under way here. */
    public synchronized Future<Void> stop(String group) {
        Shadowed running = groups.remove(group);
        if (running == null) {
            return stopping.getOrDefault(group, Future.succeededFuture());
        }
        running.members().forEach(groupOf::remove);
        Future<Void> stopped = running.stop();
        stopping.put(group, stopped);
        return stopped.onComplete(done -> stopping.remove(group, stopped));
    }

    @Override
    public @Nullable Side authority(String group) {
        Shadowed running = groups.get(group);
        return running == null ? null : running.authority();
    }

    /**
     * Fails, with a sentence for the operator, where one of the repositories captures nothing any more.
     *
     * @param authority the side that they are to be replayed from
     */
    public Future<Void> refuseGivenUp(Side authority, Collection<String> repositories) {
        return InstalledGroups.refuseGivenUp(side(authority), repositories);
    }

    /** Who raises a fence again that somebody else has changed, and tells how the fences look then. */
    public void raisesBy(RaisesFences raises) {
        fences = raises;
    }

    @Override
    public Shadows.@Nullable Group of(String repository, Side authority) {
        Shadowed group = shadowed(repository);
        return group == null || group.authority() != authority ? null : new ReplayedGroup(group, isRed(group));
    }

    /** How far each group is. */
    public Map<String, Progress> progress() {
        Map<String, Progress> progress = new TreeMap<>();
        groups.forEach((name, group) -> progress.put(name, group.progress()));
        return progress;
    }

    /** How far the shadow of a group is behind; null where that is not known. */
    public @Nullable Duration lag(String group) {
        Progress progress = progress().get(group);
        return progress == null || progress.asOf() == null ? null : progress.lag();
    }

    /** Completes when everything that had committed on the authorities before this call is on the shadows. */
    public Future<Void> caughtUp() {
        return each(List.copyOf(groups.values()), Shadowed::caughtUp);
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
        Shadowed group = shadowed(repository);
        if (group != null) {
            group.nudge();
        }
    }

    /**
     * Has capture, fences and journal watched over from now on.
     *
     * @param standings where each group stands; null while that is not known, or its authority is on its way
     * @param whenGivenUp ends the shadowing of the repositories of a group whose journal was given up, for a reason
     */
    public void watch(
            JournalSettings limits,
            Function<String, @Nullable Standing> standings,
            BiFunction<Set<String>, String, Future<Void>> whenGivenUp) {
        endOfJournal = whenGivenUp;
        Watchdog dog = new Watchdog(vertx, sides, this, standings, limits, observer);
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

    private boolean isRed(String name) {
        Shadowed group = groups.get(name);
        return group == null || isRed(group);
    }

    /** Also before the first look: what was written down of it before this start is not known yet. */
    private boolean isRed(Shadowed group) {
        Watchdog dog = watchdog;
        return dog != null && (dog.red(group.name()) != null || !dog.hasSeen(group.name(), group.authority()));
    }

    @Override
    public Set<String> groups() {
        return Set.copyOf(groups.keySet());
    }

    @Override
    public Future<Void> caughtUp(String group) {
        Shadowed running = groups.get(group);
        return running == null
                ? Future.failedFuture("group " + group + " is not shadowed any more")
                : running.caughtUp();
    }

    @Override
    public Future<Map<String, String>> raiseFence(String name) {
        Shadowed group = groups.get(name);
        return group == null
                ? Future.succeededFuture(Map.of())
                : fences.raiseAgain(group.authority().other(), name, group.members());
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
        return each(List.copyOf(groups.values()), group -> group.sequences().stop())
                .transform(still -> replayers.stop());
    }

    private @Nullable Shadowed shadowed(String repository) {
        String group = groupOf.get(repository);
        return group == null ? null : groups.get(group);
    }

    private Database side(Side side) {
        return sides.find(side).orElseThrow();
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
}
