package io.crossfade.state;

import io.crossfade.migration.Side;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** States kept in memory alone: where there is one database, nothing has to be agreed upon and nothing can move. */
public final class RememberedStates implements GroupStates {
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<String, BothRows> current = Map.of();

    @Override
    public Map<String, BothRows> current() {
        return current;
    }

    @Override
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    @Override
    public synchronized Future<Boolean> decide(BothRows from, GroupState next) {
        @Nullable BothRows known = current.get(next.group());
        long epoch = known == null ? 0 : known.holding().epoch();
        if (epoch != from.holding().epoch()) {
            return Future.succeededFuture(false);
        }
        Map<String, BothRows> changed = new HashMap<>(current);
        changed.put(next.group(), new BothRows(next.group(), Map.of(Side.LEGACY, next), Set.of()));
        current = Map.copyOf(changed);
        listeners.forEach(Runnable::run);
        return Future.succeededFuture(true);
    }
}
