package io.crossfade.execution.fresh;

import io.crossfade.call.Delete;
import io.crossfade.call.Read;
import io.crossfade.call.Update;
import io.crossfade.call.Write;
import io.crossfade.catalog.Catalog;
import io.crossfade.migration.Side;
import io.crossfade.routing.ShadowState;
import io.crossfade.routing.Shadows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The writes of this instance that the shadow may not have yet. An update whose filters name its rows concerns only reads
 * that can see these rows; every other write concerns all reads of its repository, and a delete, which may cascade, all
 * reads of its group.
 *
 * <p>Memory is bounded: beyond {@link #MOST_NAMED} updates of one repository, further ones concern all its reads. Nothing
 * has to be told when the shadow has a write: each read compares the end of the write with the moment that the shadow shows.
 *
 * <p>Threads: any, without a lock once a repository was seen.
 */
final class OwnWrites {
    static final int MOST_NAMED = 256;

    private final Shadows shadows;
    private final RowValues rowValues;
    private final Duration uncertainFor;
    private final Map<String, Unreplayed> repositories = new ConcurrentHashMap<>();
    private final Map<String, Unreplayed> groups = new ConcurrentHashMap<>();
    private final Map<String, Set<SentWrite>> named = new ConcurrentHashMap<>();

    OwnWrites(Shadows shadows, Function<Side, @Nullable Catalog> catalogs, Duration uncertainFor) {
        this.shadows = shadows;
        this.rowValues = new RowValues(catalogs);
        this.uncertainFor = uncertainFor;
    }

    SentWrite sending(Write write, Side authority) {
        String name = write.repository().name();
        Shadows.Group group = shadows.of(name, authority);
        if (write instanceof Update update) {
            Map<String, Object> kept = kept(update, authority);
            Set<SentWrite> others = named.computeIfAbsent(name, first -> ConcurrentHashMap.newKeySet());
            if (!kept.isEmpty() && hasRoom(others, group)) {
                SentWrite sent = new SentWrite(kept, List.of(), uncertainFor);
                others.add(sent);
                return sent;
            }
        }
        List<Unreplayed> marks = new ArrayList<>();
        marks.add(repositories.computeIfAbsent(name, first -> new Unreplayed()));
        if (write instanceof Delete && group != null) {
            marks.add(groups.computeIfAbsent(group.name(), first -> new Unreplayed()));
        }
        return new SentWrite(Map.of(), marks, uncertainFor);
    }

    boolean mayMiss(Read read, Side authority, ShadowState state) {
        String name = read.repository().name();
        Shadows.Group group = shadows.of(name, authority);
        return isMissing(repositories.get(name), state)
                || (group != null && isMissing(groups.get(group.name()), state))
                || mayMissNamed(read, authority, state, named.getOrDefault(name, Set.of()));
    }

    private boolean mayMissNamed(Read read, Side authority, ShadowState state, Set<SentWrite> writes) {
        if (writes.isEmpty()) {
            return false;
        }
        writes.removeIf(write -> !write.isMissingIn(state));
        if (writes.isEmpty()) {
            return false;
        }
        Map<String, Object> values =
                rowValues.required(read.repository(), read.query().filters(), authority);
        return writes.stream().anyMatch(write -> write.mayTouch(values));
    }

    private static boolean isMissing(@Nullable Unreplayed writes, ShadowState state) {
        return writes != null && writes.isMissingIn(state);
    }

    /** What the rows of the update have before it and after it: a column that it sets may get the value of any other row. */
    private Map<String, Object> kept(Update update, Side authority) {
        Map<String, Object> values = rowValues.required(update.repository(), update.filters(), authority);
        update.values().columns().forEach(values::remove);
        return values;
    }

    private static boolean hasRoom(Set<SentWrite> writes, Shadows.@Nullable Group group) {
        if (writes.size() >= MOST_NAMED && group != null) {
            ShadowState state = group.state();
            writes.removeIf(write -> !write.isMissingIn(state));
        }
        return writes.size() < MOST_NAMED;
    }
}
