package io.crossfade.routing;

import io.crossfade.call.Call;
import io.crossfade.call.Read;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.routing.Route.Reason;
import io.crossfade.settings.FreshnessSettings;
import org.jspecify.annotations.Nullable;

/**
 * The truth table of stages, applied to one call, and the rule that a shadow answers only what it is fresh enough for. Pure:
 * the same call, table, knowledge and moment always give the same route.
 */
public final class Router {
    private Router() {}

    /**
     * Decides who answers {@code call}, who shadows it, and whether it may be compared.
     *
     * @param now {@link System#nanoTime} at which the call was there
     */
    public static Route route(Call call, RouteTable table, ShadowView shadow, long now) {
        RepositoryRollout rollout = table.of(call.repository().name());
        Stage stage = rollout.stage();
        if (!(call instanceof Read read)) {
            return new Route(stage.authority(), stage.shadow(), false, stage, Reason.STAGE);
        }
        // A pin or a share can name the shadow only where the shadow is kept equal to the authority.
        if (!stage.comparesReads() || (stage != Stage.ROLLOUT && table.pins().isEmpty())) {
            return answeredBy(stage.authority(), stage, Reason.STAGE);
        }
        String key = RoutingKey.of(read, rollout);
        Side pinned = table.pins().get(key);
        if (pinned != null) {
            return answeredIfFresh(pinned, Reason.PIN, read, rollout, shadow, now);
        }
        if (stage != Stage.ROLLOUT) {
            return answeredBy(stage.authority(), stage, Reason.STAGE);
        }
        // Rounded, because 1.1 * 100 is a little more than 110.
        long buckets = Math.round(rollout.rolloutOf(call.operation()) * 100);
        boolean target = RoutingKey.bucket(rollout.group(), key) < buckets;
        return answeredIfFresh(target ? Side.TARGET : Side.LEGACY, Reason.ROLLOUT, read, rollout, shadow, now);
    }

    private static Route answeredIfFresh(
            Side side, Reason reason, Read read, RepositoryRollout rollout, ShadowView shadow, long now) {
        Stage stage = rollout.stage();
        if (side == stage.authority()) {
            return answeredBy(side, stage, reason);
        }
        Reason against = against(read, rollout, shadow, now);
        return against == null ? answeredBy(side, stage, reason) : answeredBy(stage.authority(), stage, against);
    }

    /** Why the shadow may not answer, or null where it may. */
    private static @Nullable Reason against(Read read, RepositoryRollout rollout, ShadowView shadow, long now) {
        FreshnessSettings wanted = rollout.freshness();
        ShadowState state = shadow.state(read, rollout.stage().authority());
        if (state == null) {
            return Reason.CATCHING_UP;
        }
        if (!wanted.readsAreFresh()) {
            return state.isWithin(now, wanted.ackTimeout()) ? null : Reason.CATCHING_UP;
        }
        Long from = rollout.shadowReadableFrom();
        if ((from != null && state.seenNanos() - from < 0) || !state.holdsLease(now, wanted.freshFor())) {
            return Reason.CATCHING_UP;
        }
        return shadow.mayMissOwnWrite(read, rollout.stage().authority(), state) ? Reason.FRESH : null;
    }

    private static Route answeredBy(Side side, Stage stage, Reason reason) {
        return new Route(side, stage.shadow(), stage.comparesReads(), stage, reason);
    }
}
