package io.crossfade.execution.fresh;

import io.crossfade.call.Call;
import io.crossfade.call.Read;
import io.crossfade.call.Write;
import io.crossfade.catalog.Catalogs;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observer;
import io.crossfade.routing.Route;
import io.crossfade.routing.RouteTable;
import io.crossfade.routing.ShadowState;
import io.crossfade.routing.ShadowView;
import io.crossfade.routing.Shadows;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a write and the reads after it: the writes of this instance, from the moment they are sent until the
 * shadow has them, and the wait before they are answered.
 *
 * <p>Costs nothing while nothing is shadowed. Threads: any; nothing blocks.
 */
public final class Freshness implements ShadowView {
    private final Shadows shadows;
    private final OwnWrites writes;
    private final Acknowledgements acknowledgements;

    /** @param uncertainFor how long a write may still commit after its connection was lost */
    public Freshness(Vertx vertx, Shadows shadows, Catalogs catalogs, Duration uncertainFor, Observer observer) {
        this.shadows = shadows;
        this.writes = new OwnWrites(shadows, catalogs::find, uncertainFor);
        this.acknowledgements = new Acknowledgements(vertx, shadows, observer);
    }

    @Override
    public @Nullable ShadowState state(Read read, Side authority) {
        Shadows.Group group = shadows.of(read.repository().name(), authority);
        return group == null ? null : group.state();
    }

    @Override
    public boolean mayMissOwnWrite(Read read, Side authority, ShadowState state) {
        return writes.mayMiss(read, authority, state);
    }

    /** Whether so many answers wait already that no further write should be sent. */
    public boolean isSaturated() {
        return acknowledgements.isSaturated();
    }

    /** Notes a write that is about to be sent, where a read of the shadow could miss it; null where none could. */
    public @Nullable SentWrite sending(Call call, Route route) {
        return call instanceof Write write
                        && route.shadow() != null
                        && route.stage().comparesReads()
                ? writes.sending(write, route.answering())
                : null;
    }

    /**
     * Completes when the write may be answered.
     *
     * @param table what holds after the write has committed, which may be more than what held when it was sent
     */
    public Future<Void> acknowledged(Call call, RouteTable table) {
        return acknowledgements.of(call, table);
    }
}
