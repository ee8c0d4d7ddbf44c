package io.crossfade.shadow;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.CallServed;
import io.crossfade.observation.Observation.ReplayFailed;
import io.crossfade.observation.Observer;
import io.crossfade.routing.Shadows;
import io.crossfade.shadow.install.Fence;
import io.crossfade.shadow.replay.Progress;
import io.crossfade.shadow.replay.ReplaySettings;
import io.crossfade.shadow.replay.Replayer;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The groups that are shadowed now. While a group is, the database itself refuses writes on the target, and every change
 * that commits on legacy reaches it by the journal.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class Shadowing implements Observer, Shadows {
    private static final long RETRY_MILLIS = 1_000;
    private static final long RESUME_SECONDS = 10;

    private final Vertx vertx;
    private final Sides sides;
    private final Observer observer;
    private final Fence fence;
    /** By group: the repositories that want it. */
    private final Map<String, Shadowed> groups = new ConcurrentSkipListMap<>();

    /** By repository. */
    private final Map<String, String> groupOf = new ConcurrentHashMap<>();

    private volatile @Nullable Replayer replayer;
    private volatile boolean failing;
    private volatile boolean closed;

    public Shadowing(Vertx vertx, Sides sides, Observer observer) {
        this.vertx = vertx;
        this.sides = sides;
        this.observer = observer;
        this.fence = new Fence(vertx);
    }

    /**
     * Shadows the groups of these repositories from now on: first the fence, then the replay.
     *
     * @return completes when nobody but the replay can write on the target; fails with a sentence for the operator
     */
    public Future<Void> begin(Collection<String> repositories) {
        return members(repositories)
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
        if (repositories.isEmpty()) {
            return Future.succeededFuture();
        }
        return begin(repositories)
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
                    tick -> resume(repositories)
                            .onFailure(refused ->
                                    observer.observe(new ReplayFailed("all", String.valueOf(refused.getMessage())))));
        }
        return Future.succeededFuture();
    }

    /** Stops shadowing the groups that none of the other repositories wants: first the replay, then the fence. */
    public Future<Void> end(Collection<String> repositories) {
        return each(List.copyOf(groups.values()), group -> {
            group.wanting().removeAll(repositories);
            return group.wanting().isEmpty() ? endGroup(group) : Future.succeededFuture();
        });
    }

    @Override
    public Shadows.@Nullable Group of(String repository) {
        String group = groupOf.get(repository);
        Replayer current = replayer;
        return group == null || current == null ? null : new ReplayedGroup(current, group);
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

    /** Ends the replay; the fence stays, and the journal keeps what is left for the next start. */
    public Future<Void> close() {
        closed = true;
        Replayer current = replayer;
        return each(List.copyOf(groups.values()), group -> group.sequences().stop())
                .transform(still -> current == null ? Future.succeededFuture() : current.stop());
    }

    private Future<Void> beginGroup(String name, Set<String> members, Collection<String> wanting) {
        Shadowed running = groups.get(name);
        if (running != null) {
            running.wanting().addAll(wanting);
            return Future.succeededFuture();
        }
        return inTransaction(target(), connection -> fence.raise(connection, members, Side.LEGACY))
                .onSuccess(raised -> {
                    Shadowed meanwhile = groups.get(name);
                    if (closed || meanwhile != null) {
                        // An earlier try that was given up came through after all: one replayer is enough.
                        if (meanwhile != null) {
                            meanwhile.wanting().addAll(wanting);
                        }
                        return;
                    }
                    Set<String> wanted = ConcurrentHashMap.newKeySet();
                    wanted.addAll(wanting);
                    Replayer current = replayer();
                    SequenceStep sequences = SequenceStep.start(
                            vertx,
                            name,
                            legacy(),
                            target(),
                            SequenceStep.EVERY,
                            () -> current.progress(name).leading(),
                            observer);
                    groups.put(name, new Shadowed(name, members, wanted, sequences));
                    members.forEach(member -> groupOf.put(member, name));
                    current.add(name);
                });
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
        groups.remove(group.name());
        group.members().forEach(groupOf::remove);
        return group.sequences()
                .stop()
                .compose(still -> replayer().remove(group.name()))
                .compose(stopped -> inTransaction(target(), connection -> fence.lower(connection, group.members())))
                .compose(lowered -> inTransaction(target(), connection -> fence.clear(connection, group.members())));
    }

    /** The members of every group that one of the repositories belongs to, as it was installed. */
    private Future<Map<String, Set<String>>> members(Collection<String> repositories) {
        String query = """
                SELECT group_name, name FROM crossfade.repository
                WHERE group_name IN (SELECT group_name FROM crossfade.repository WHERE name = ANY ($1))
                """;
        return legacy().run(query, Tuple.of(repositories.toArray(String[]::new)), true)
                .map(rows -> {
                    Map<String, Set<String>> members = new TreeMap<>();
                    rows.forEach(row -> members.computeIfAbsent(row.getString(0), group -> new TreeSet<>())
                            .add(row.getString(1)));
                    return members;
                })
                .recover(error -> error instanceof DatabaseFailure failure && isNotInstalled(failure)
                        ? Future.succeededFuture(Map.of())
                        : Future.failedFuture(error))
                .compose(members -> missing(repositories, members));
    }

    private static Future<Map<String, Set<String>>> missing(
            Collection<String> repositories, Map<String, Set<String>> members) {
        Set<String> missing = new TreeSet<>(repositories);
        members.values().forEach(missing::removeAll);
        return missing.isEmpty()
                ? Future.succeededFuture(members)
                : Future.failedFuture(new ShadowingException("The writes of " + String.join(", ", missing)
                        + " are not captured yet: run './crossfade install' first"));
    }

    private static boolean isNotInstalled(DatabaseFailure failure) {
        return failure.code().equals("42P01") || failure.code().equals("3F000");
    }

    private Future<Void> inTransaction(Database database, Function<PgConnection, Future<Void>> work) {
        PgConnectOptions options =
                new PgConnectOptions(database.settings().connection()).addProperty("application_name", "crossfade");
        return PgConnection.connect(vertx, options)
                .compose(connection -> connection
                        .begin()
                        .compose(transaction -> work.apply(connection)
                                .compose(
                                        done -> transaction.commit(),
                                        error -> transaction
                                                .rollback()
                                                .transform(rolledBack -> Future.failedFuture(error))))
                        .eventually(connection::close));
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

    private record Shadowed(String name, Set<String> members, Set<String> wanting, SequenceStep sequences) {}
}
