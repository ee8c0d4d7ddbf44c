package io.crossfade.rollout;

import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.routing.RepositoryRollout;
import io.crossfade.routing.RouteTable;
import io.crossfade.settings.Settings;
import io.crossfade.state.BothRows;
import io.crossfade.state.GroupState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Route tables made of what is configured for each repository and of what the databases say of its group. Groups are those
 * that were installed, which are closed over the foreign keys of both sides; the configuration names groups for the rest.
 */
final class Tables {
    private static final long FIRST_EPOCH = 1;
    private static final long ALL_KNOW_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final RouteTable configured;

    /** @throws IllegalArgumentException if the configuration puts a repository where it may not be; names all of them */
    Tables(Settings settings, StageRules rules) {
        this.configured = ConfiguredRollouts.table(settings, rules);
    }

    /**
     * Where everything stands. Its epoch is the same on every instance that knows the same states.
     *
     * @param before the table until now, or null at start
     * @param held groups whose writes wait on this instance
     * @param pins what operators have decided about keys since they were configured
     * @param nanos {@link System#nanoTime} at which the states were known
     */
    RouteTable of(
            Map<String, BothRows> states,
            @Nullable RouteTable before,
            Set<String> held,
            Map<String, Optional<Side>> pins,
            long nanos) {
        Map<String, String> installed = groups(states.values());
        TreeSet<String> names = new TreeSet<>(configured.repositories().keySet());
        names.addAll(installed.keySet());
        // A group that is known by its state alone has the name of its repository.
        states.forEach((group, rows) -> {
            if (rows.members().isEmpty()
                    && names.stream().noneMatch(name -> groupOf(name, installed).equals(group))) {
                names.add(group);
            }
        });
        Map<String, RepositoryRollout> repositories = new TreeMap<>();
        for (String name : names) {
            String group = groupOf(name, installed);
            BothRows rows = states.get(group);
            RepositoryRollout standing = standing(configured.of(name).inGroup(group), rows, held.contains(group));
            repositories.put(name, standing.readableFrom(readableFrom(standing, before, name, nanos)));
        }
        long epoch = FIRST_EPOCH;
        for (BothRows rows : states.values()) {
            epoch += rows.holding().epoch();
        }
        return new RouteTable(epoch, repositories, configured.others(), configured.functions(), merged(pins));
    }

    private Map<String, Side> merged(Map<String, Optional<Side>> pins) {
        Map<String, Side> merged = new HashMap<>(configured.pins());
        pins.forEach((key, side) -> side.ifPresentOrElse(to -> merged.put(key, to), () -> merged.remove(key)));
        return merged;
    }

    /**
     * The first states of the groups that were never moved and are configured to begin elsewhere than in {@code off}.
     *
     * @throws IllegalArgumentException where repositories of one group would have to begin in different places
     */
    List<GroupState> beginnings(Map<String, BothRows> states) {
        Map<String, String> installed = groups(states.values());
        Map<String, GroupState> first = new TreeMap<>();
        configured.repositories().forEach((name, repository) -> {
            String group = groupOf(name, installed);
            BothRows rows = states.get(group);
            if (repository.stage() == Stage.OFF
                    || (rows != null && rows.holding().epoch() > 0)) {
                return;
            }
            GroupState state = GroupState.first(
                    group, repository.stage(), repository.rollout(), repository.rolloutByOperation(), "configuration");
            GroupState other = first.putIfAbsent(group, state);
            if (other != null && !other.equals(state)) {
                throw new IllegalArgumentException("repository '" + name + "': is tied to others of group '" + group
                        + "' by a foreign key, so all of them that the configuration names must have one stage and one"
                        + " rollout");
            }
        });
        return new ArrayList<>(first.values());
    }

    private String groupOf(String name, Map<String, String> installed) {
        return installed.getOrDefault(name, configured.of(name).group());
    }

    private static RepositoryRollout standing(RepositoryRollout configured, @Nullable BothRows rows, boolean held) {
        if (rows == null || rows.holding().epoch() == 0) {
            return configured.movedTo(Stage.OFF, 0, Map.of());
        }
        GroupState holding = rows.holding();
        GroupState settled = rows.settled();
        return configured
                .movedTo(holding.stage(), holding.rollout(), holding.rolloutByOperation())
                .standing(settled == null ? holding.epoch() : settled.epoch(), held || settled == null);
    }

    /**
     * Until every proxy has heard of a stage in which the shadow answers, some answer their writes without waiting for it.
     * Each looks at the states once a second.
     */
    private static @Nullable Long readableFrom(
            RepositoryRollout standing, @Nullable RouteTable before, String name, long nanos) {
        if (!standing.acknowledgedByBoth()) {
            return null;
        }
        RepositoryRollout was = before == null ? null : before.of(name);
        return was != null && was.acknowledgedByBoth() ? was.shadowReadableFrom() : (Long) (nanos + ALL_KNOW_NANOS);
    }

    private static Map<String, String> groups(Collection<BothRows> states) {
        Map<String, String> groups = new HashMap<>();
        states.forEach(rows -> rows.members().forEach(member -> groups.put(member, rows.group())));
        return groups;
    }
}
