package io.crossfade.rollout;

import io.crossfade.migration.Stage;
import io.crossfade.routing.RepositoryRollout;
import io.crossfade.routing.RouteTable;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;

/**
 * Where every repository stands, as gauges. Read from {@link Rollouts} when somebody looks rather than told by each
 * change, so that they are true from the start and for repositories that were never moved.
 */
public final class RolloutMeters {
    private final Rollouts rollouts;
    private final MultiGauge stages;
    private final MultiGauge shares;

    public RolloutMeters(Rollouts rollouts, MeterRegistry registry) {
        this.rollouts = rollouts;
        this.stages = MultiGauge.builder("crossfade.stage")
                .description("1 for the stage that the repository is in, 0 for the others")
                .register(registry);
        this.shares = MultiGauge.builder("crossfade.rollout.percent")
                .description("The share of reads that the target is to answer in stage rollout")
                .register(registry);
        Gauge.builder("crossfade.epoch", rollouts, known -> known.current().epoch())
                .description("Grows with every change of a rollout")
                .strongReference(true)
                .register(registry);
    }

    /** Brings the gauges up to date; to be called before they are read. */
    public synchronized void refresh() {
        RouteTable table = rollouts.current();
        List<Row<?>> stageRows = new ArrayList<>();
        List<Row<?>> shareRows = new ArrayList<>();
        for (String name : rollouts.names()) {
            RepositoryRollout rollout = table.of(name);
            shareRows.add(Row.of(Tags.of("repository", name), rollout.rollout()));
            for (Stage stage : Stage.values()) {
                stageRows.add(
                        Row.of(Tags.of("repository", name, "stage", stage.label()), stage == rollout.stage() ? 1 : 0));
            }
        }
        stages.register(stageRows, true);
        shares.register(shareRows, true);
    }
}
