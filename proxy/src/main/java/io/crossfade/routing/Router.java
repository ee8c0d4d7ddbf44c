package io.crossfade.routing;

import io.crossfade.call.Call;
import io.crossfade.call.Read;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.routing.Route.Reason;

/** The truth table of stages, applied to one call. Pure: the same call and table always give the same route. */
public final class Router {
    private Router() {}

    /** Decides who answers {@code call}, who shadows it, and whether it may be compared. */
    public static Route route(Call call, RouteTable table) {
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
            return answeredBy(pinned, stage, Reason.PIN);
        }
        if (stage != Stage.ROLLOUT) {
            return answeredBy(stage.authority(), stage, Reason.STAGE);
        }
        // Rounded, because 1.1 * 100 is a little more than 110.
        long buckets = Math.round(rollout.rolloutOf(call.operation()) * 100);
        boolean target = RoutingKey.bucket(rollout.group(), key) < buckets;
        return answeredBy(target ? Side.TARGET : Side.LEGACY, stage, Reason.ROLLOUT);
    }

    private static Route answeredBy(Side side, Stage stage, Reason reason) {
        return new Route(side, stage.shadow(), stage.comparesReads(), stage, reason);
    }
}
