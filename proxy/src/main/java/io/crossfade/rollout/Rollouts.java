package io.crossfade.rollout;

import io.crossfade.call.Operation;
import io.crossfade.gates.Gate;
import io.crossfade.gates.Gates;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation.RolloutChanged;
import io.crossfade.observation.Observer;
import io.crossfade.routing.RepositoryRollout;
import io.crossfade.routing.RouteTable;
import io.crossfade.settings.Settings;
import io.crossfade.state.BothRows;
import io.crossfade.state.GroupState;
import io.crossfade.state.GroupStates;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Where every repository stands, and the only way to change it.
 *
 * <p>What holds is kept in the databases and is the same for every proxy; the configuration says where a group begins. It
 * is put in place as a new {@link RouteTable} by one assignment: a call sees all of it or nothing. A change that names the
 * epoch it was based on is refused when another one came first. Repositories of one group move together.
 *
 * <p>Threading: {@link #current()} is one volatile read and meant for every call; everything else may be called from any
 * thread. Changes of one instance wait for each other.
 */
public final class Rollouts {
    private static final long DECIDE_SECONDS = 20;

    private final Supplier<Set<String>> catalogued;
    private final StageRules rules;
    private final Observer observer;
    private final GroupStates states;
    private final Gates gates;
    private final Tables tables;
    private Future<ChangeResult> lastChange = Future.succeededFuture();
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<String, Optional<Side>> pins = Map.of();
    private volatile RouteTable table;

    /**
     * Begins at what is known of the groups; {@link #begin} stores where those begin that were never moved.
     *
     * @param catalogued the API names that the databases have, asked each time; empty before a catalogue was read
     * @param bothSidesEqual whether the two databases are known to hold the same rows at start, so that a group may begin
     *     in stage rollout
     * @param gates asked before every step forward
     * @throws IllegalArgumentException if the configuration puts a repository where it may not be; names all of them
     */
    public Rollouts(
            Settings settings,
            Supplier<Set<String>> catalogued,
            boolean bothSidesEqual,
            GroupStates states,
            Gates gates,
            Observer observer) {
        this.catalogued = catalogued;
        this.rules = new StageRules(settings.target() != null, bothSidesEqual);
        this.observer = observer;
        this.states = states;
        this.gates = gates;
        this.tables = new Tables(settings, rules);
        this.table = tables.of(states.current(), null, Set.of(), Map.of(), System.nanoTime());
        states.onChange(this::refresh);
    }

    /**
     * Stores where the groups begin, as configured; a group that was moved before stays where it is.
     *
     * @return fails with a sentence for the operator where one cannot begin there
     */
    public Future<Void> begin() {
        List<Future<Boolean>> begun = new ArrayList<>();
        try {
            tables.beginnings(states.current())
                    .forEach(first -> begun.add(states.decide(rowsOf(first.group()), first)));
        } catch (IllegalArgumentException e) {
            return Future.failedFuture(e);
        }
        return Future.join(begun).mapEmpty();
    }

    /** What holds now. */
    public RouteTable current() {
        return table;
    }

    /**
     * Keeps new writes of a group waiting on this instance, because its authority is about to move; calls that are under
     * way go on.
     */
    public void hold(String group) {
        held.add(group);
        refresh();
    }

    /** Lets them go on, to wherever the authority is by then. */
    public void release(String group) {
        held.remove(group);
        refresh();
    }

    /** Has these keys go to these sides, or where everybody goes; over what was configured. */
    public void pin(Map<String, Optional<Side>> decided) {
        pins = Map.copyOf(decided);
        refresh();
    }

    /** Has {@code listener} run after every new table. */
    public void onTable(Runnable listener) {
        listeners.add(listener);
    }

    /** Some repository of a group. */
    public String memberOf(String group) {
        RouteTable now = table;
        return names().stream()
                .filter(name -> now.of(name).group().equals(group))
                .findFirst()
                .orElse(group);
    }

    /** What the databases say of the group of a repository. */
    public BothRows standing(String repository) {
        return rowsOf(table.of(repository).group());
    }

    /** The stages that a repository may be moved to from this one, first to last, itself among them. */
    public List<Stage> reachableFrom(Stage stage) {
        return rules.reachableFrom(stage);
    }

    /** The stage after the one that a repository is in, which its gates stand before; empty at the end. */
    public static Optional<Stage> after(Stage stage) {
        return StageRules.after(stage);
    }

    /** The gates before the next stage of these repositories, for a page: by group. Never fails. */
    public Future<Map<String, List<Gate>>> gates(Collection<String> repositories) {
        RouteTable now = table;
        Map<String, Set<String>> groups = new TreeMap<>();
        names().forEach(name -> groups.computeIfAbsent(now.of(name).group(), group -> new TreeSet<>())
                .add(name));
        Map<String, Future<List<Gate>>> looked = new TreeMap<>();
        for (String name : repositories) {
            RepositoryRollout standing = now.of(name);
            String group = standing.group();
            looked.computeIfAbsent(
                    group,
                    it -> StageRules.after(standing.stage())
                            .map(next -> gates.shown(it, groups.getOrDefault(it, Set.of(name)), next))
                            .orElseGet(() -> Future.succeededFuture(List.of())));
        }
        return Future.join(List.copyOf(looked.values())).map(all -> {
            Map<String, List<Gate>> byGroup = new TreeMap<>();
            looked.forEach((group, list) -> byGroup.put(group, list.result()));
            return byGroup;
        });
    }

    /** Every repository that is configured or in a catalogue, by API name. */
    public SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>(catalogued.get());
        names.addAll(table.repositories().keySet());
        return names;
    }

    /**
     * Moves the repository and its group. Changes wait for each other, also while the databases are prepared.
     *
     * @param expectedEpoch the epoch that the operator saw; empty to change whatever holds
     * @return completes when the change is in force, or was not made; never fails
     */
    public Future<ChangeResult> change(String repository, Change change, OptionalLong expectedEpoch, By by) {
        Promise<ChangeResult> mine = Promise.promise();
        Future<ChangeResult> before = inTurn(mine.future());
        // Without the lock: what is done looks at the databases, and whoever brings their news comes here.
        before.transform(ended -> changeNow(repository, change, expectedEpoch, by))
                .otherwise(failure -> new ChangeResult.Refused(String.valueOf(failure.getMessage())))
                .onComplete(mine);
        return mine.future();
    }

    private synchronized Future<ChangeResult> inTurn(Future<ChangeResult> next) {
        Future<ChangeResult> before = lastChange;
        lastChange = next;
        return before;
    }

    private Future<ChangeResult> changeNow(String repository, Change change, OptionalLong expectedEpoch, By by) {
        RouteTable now = table;
        if (expectedEpoch.isPresent() && expectedEpoch.getAsLong() != now.epoch()) {
            return Future.succeededFuture(new ChangeResult.Stale(expectedEpoch.getAsLong(), now.epoch()));
        }
        if (!names().contains(repository)) {
            return Future.succeededFuture(new ChangeResult.UnknownRepository(repository));
        }
        RepositoryRollout before = now.of(repository);
        Stage stage = change.stage() != null ? change.stage() : before.stage();
        Set<String> members = membersOf(before.group(), now);
        Optional<String> refusal = refusal(repository, members, stage, change, now);
        if (refusal.isPresent()) {
            return Future.succeededFuture(new ChangeResult.Refused(refusal.get()));
        }
        BothRows rows = rowsOf(before.group());
        if (rows.holding().isMoving()) {
            return Future.succeededFuture(new ChangeResult.Refused("the writes of '" + repository
                    + "' are on their way to the other side; wait until that has ended, then look again"));
        }
        if (expectedEpoch.isPresent() && rows.holding().epoch() != before.epoch()) {
            // Heard of a moment ago, and not in the table yet that the operator's epoch was held against.
            return Future.succeededFuture(new ChangeResult.Stale(
                    expectedEpoch.getAsLong(), now.epoch() + rows.holding().epoch() - before.epoch()));
        }
        RepositoryRollout moved = moved(before, stage, change);
        // The rows are from before the gates: whatever anybody decides while these are looked at makes this change
        // stale.
        return passage(before, members, stage, by)
                .<ChangeResult>compose(passage -> passage.isRefused()
                        ? Future.succeededFuture(new ChangeResult.Refused(passage.refusal()))
                        : decide(rows, moved, by, passage.reason(), now, members));
    }

    private Future<ChangeResult> decide(
            BothRows rows, RepositoryRollout moved, By by, String reason, RouteTable now, Set<String> members) {
        GroupState next = rows.holding()
                .changedTo(moved.stage(), moved.rollout(), moved.rolloutByOperation(), by.operator(), reason);
        return states.decide(rows, next)
                // A database that stays silent must not hold up the change that comes after, which may be the way back.
                .timeout(DECIDE_SECONDS, TimeUnit.SECONDS)
                .<ChangeResult>map(decided -> decided
                        ? new ChangeResult.Changed(table, members)
                        : new ChangeResult.Stale(now.epoch(), table.epoch()));
    }

    /** The way back is never behind a gate. */
    private Future<Passage> passage(RepositoryRollout before, Set<String> members, Stage next, By by) {
        return next.compareTo(before.stage()) <= 0
                ? Future.succeededFuture(Passage.free(by))
                : gates.towards(before.group(), members, next).map(looked -> Passage.through(looked, next, by));
    }

    private Optional<String> refusal(
            String repository, Set<String> members, Stage stage, Change change, RouteTable now) {
        if (change.namesShare() && stage != Stage.ROLLOUT) {
            return Optional.of("a rollout can be given in stage 'rollout' only, and '" + repository + "' would be in '"
                    + stage.label() + "'");
        }
        return rules.refusal(now.of(repository).stage(), stage)
                .or(() -> members.stream()
                        .map(member -> now.of(member).freshness().refusal(stage))
                        .flatMap(Optional::stream)
                        .findFirst());
    }

    /** Shares hold within stage rollout only: whoever comes back to it starts at zero, not where it was left. */
    private static RepositoryRollout moved(RepositoryRollout before, Stage stage, Change change) {
        boolean stays = before.stage() == Stage.ROLLOUT && stage == Stage.ROLLOUT;
        if (change.rollout() != null) {
            return before.movedTo(stage, change.rollout(), change.rolloutByOperation());
        }
        Map<Operation, Double> shares = new HashMap<>(stays ? before.rolloutByOperation() : Map.of());
        shares.putAll(change.rolloutByOperation());
        return before.movedTo(stage, stays ? before.rollout() : 0, shares);
    }

    private Set<String> membersOf(String group, RouteTable now) {
        return names().stream()
                .filter(name -> now.of(name).group().equals(group))
                .collect(Collectors.toUnmodifiableSet());
    }

    private BothRows rowsOf(String group) {
        BothRows known = states.current().get(group);
        return known != null ? known : new BothRows(group, Map.of(), Set.of());
    }

    /** Puts what is known now in place, and tells who moved. */
    private synchronized void refresh() {
        RouteTable before = table;
        RouteTable next = tables.of(states.current(), before, held, pins, System.nanoTime());
        table = next;
        listeners.forEach(Runnable::run);
        for (String name : new TreeSet<>(next.repositories().keySet())) {
            RepositoryRollout was = before.of(name);
            RepositoryRollout is = next.of(name);
            if (was.stage() != is.stage()
                    || was.rollout() != is.rollout()
                    || !was.rolloutByOperation().equals(is.rolloutByOperation())) {
                observer.observe(new RolloutChanged(name, is.stage(), is.rollout(), next.epoch()));
            }
        }
    }
}
