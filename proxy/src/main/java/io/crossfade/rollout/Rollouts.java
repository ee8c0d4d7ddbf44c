package io.crossfade.rollout;

import io.crossfade.call.Operation;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation.RolloutChanged;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.observation.Observer;
import io.crossfade.routing.RepositoryRollout;
import io.crossfade.routing.RouteTable;
import io.crossfade.settings.Settings;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Where every repository stands, and the only way to change it.
 *
 * <p>A change is a new {@link RouteTable} put in place by one assignment: a call sees all of it or nothing. A change that
 * names the epoch it was based on is refused when another one came first. Repositories of one group move together. The
 * table lives in memory: a restart begins again at what is configured.
 *
 * <p>Threading: {@link #current()} is one volatile read and meant for every call; everything else may be called from any
 * thread. Changes wait for each other, so that observers hear of them in the order of their epochs.
 */
public final class Rollouts {
    private static final long PREPARE_SECONDS = 20;

    private final Supplier<Set<String>> catalogued;
    private final StageRules rules;
    private final Observer observer;
    private final StageMove move;
    private Future<ChangeResult> lastChange = Future.succeededFuture();
    private volatile RouteTable table;

    /**
     * Begins at what is configured.
     *
     * @param catalogued the API names that the databases have, asked each time; empty before a catalogue was read
     * @param move does what a change of stage needs in the databases
     * @param bothSidesEqual whether the two databases are known to hold the same rows at start
     * @throws IllegalArgumentException if the configuration puts a repository where it may not be; names all of them
     */
    public Rollouts(
            Settings settings,
            Supplier<Set<String>> catalogued,
            boolean bothSidesEqual,
            StageMove move,
            Observer observer) {
        this.catalogued = catalogued;
        this.rules = new StageRules(settings.target() != null, bothSidesEqual);
        this.observer = observer;
        this.move = move;
        this.table = ConfiguredRollouts.table(settings, rules);
    }

    /** What holds now. */
    public RouteTable current() {
        return table;
    }

    /** The stages that a repository may be moved to, first to last. */
    public List<Stage> acceptedStages() {
        return rules.accepted();
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
    public synchronized Future<ChangeResult> change(String repository, Change change, OptionalLong expectedEpoch) {
        Future<ChangeResult> next = lastChange.compose(before -> changeNow(repository, change, expectedEpoch));
        lastChange = next;
        return next;
    }

    private Future<ChangeResult> changeNow(String repository, Change change, OptionalLong expectedEpoch) {
        RouteTable now = table;
        if (expectedEpoch.isPresent() && expectedEpoch.getAsLong() != now.epoch()) {
            return Future.succeededFuture(new ChangeResult.Stale(expectedEpoch.getAsLong(), now.epoch()));
        }
        if (!names().contains(repository)) {
            return Future.succeededFuture(new ChangeResult.UnknownRepository(repository));
        }
        RepositoryRollout before = now.of(repository);
        Stage stage = change.stage() != null ? change.stage() : before.stage();
        Optional<String> refusal = refusal(repository, before, stage, change);
        if (refusal.isPresent()) {
            return Future.succeededFuture(new ChangeResult.Refused(refusal.get()));
        }
        Set<String> members = membersOf(before.group(), now);
        return move.prepare(members, before.stage(), stage)
                // A database that stays silent must not hold up the change that comes after, which may be the way back.
                .timeout(PREPARE_SECONDS, TimeUnit.SECONDS)
                .map(prepared -> put(now, members, moved(before, stage, change)))
                .onSuccess(changed -> cleanUp(members, before.stage(), stage))
                .otherwise(failure -> {
                    // What was prepared in part, or comes through only after its time, is not needed.
                    cleanUp(members, stage, before.stage());
                    return new ChangeResult.Refused(String.valueOf(failure.getMessage()));
                });
    }

    private void cleanUp(Set<String> members, Stage from, Stage to) {
        move.cleanUp(members, from, to)
                .onFailure(failure -> observer.observe(new Unexpected("moving to stage " + to.label(), failure)));
    }

    private Optional<String> refusal(String repository, RepositoryRollout before, Stage stage, Change change) {
        if (change.namesShare() && stage != Stage.ROLLOUT) {
            return Optional.of("a rollout can be given in stage 'rollout' only, and '" + repository + "' would be in '"
                    + stage.label() + "'");
        }
        return rules.refusal(stage).or(() -> before.freshness().refusal(stage));
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

    private ChangeResult put(RouteTable now, Set<String> members, RepositoryRollout to) {
        Map<String, RepositoryRollout> repositories = new HashMap<>(now.repositories());
        for (String member : members) {
            repositories.put(member, now.of(member).movedTo(to.stage(), to.rollout(), to.rolloutByOperation()));
        }
        RouteTable next = new RouteTable(now.epoch() + 1, repositories, now.others(), now.pins());
        table = next;
        for (String member : new TreeSet<>(members)) {
            observer.observe(new RolloutChanged(member, to.stage(), to.rollout(), next.epoch()));
        }
        return new ChangeResult.Changed(next, members);
    }
}
