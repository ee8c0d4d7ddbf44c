package io.crossfade.gates;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.shadow.reconcile.UndecidedRows;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Red while rows that a forced rollback left behind wait for a decision: until then the two sides differ in them. */
final class ReconciliationGate {
    private static final String NAME = "reconciliation";
    private static final Set<String> NOT_INSTALLED = Set.of("42P01", "3F000");
    private static final long PATIENCE_SECONDS = 2;
    private static final Duration SHOWN_FOR = Duration.ofSeconds(5);

    private final Sides sides;
    private final Recent<Map<String, Long>> shown = new Recent<>(SHOWN_FOR);

    ReconciliationGate(Sides sides) {
        this.sides = sides;
    }

    /** As it is now; never fails. */
    Future<Gate> look(String group) {
        return gate(group, counts());
    }

    /** As it was some seconds ago; never fails. */
    Future<Gate> shown(String group) {
        return gate(group, shown.get(this::counts));
    }

    private static Future<Gate> gate(String group, Future<Map<String, Long>> counts) {
        return counts.map(byGroup -> gate(byGroup.getOrDefault(group, 0L)))
                .otherwise(error -> Gate.unknown(
                        NAME, "Nobody can say whether rows wait for a decision; see to it that both databases answer"));
    }

    private static Gate gate(long left) {
        return left == 0
                ? Gate.green(NAME, "No row waits for a decision after a forced rollback")
                : Gate.red(
                        NAME,
                        left + (left == 1 ? " row that a" : " rows that a")
                                + " forced rollback left behind "
                                + (left == 1 ? "waits" : "wait")
                                + " for a decision; apply or discard them with './crossfade reconciliation'");
    }

    private Future<Map<String, Long>> counts() {
        List<Future<Map<String, Long>>> asked =
                sides.all().stream().map(this::counts).toList();
        return Future.join(asked)
                .map(all -> {
                    Map<String, Long> counts = new TreeMap<>();
                    asked.forEach(one -> one.result().forEach((group, count) -> counts.merge(group, count, Long::sum)));
                    return counts;
                })
                .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private Future<Map<String, Long>> counts(Database side) {
        return new UndecidedRows((sql, values) -> side.run(sql, values, true))
                .counts()
                .recover(error -> error instanceof DatabaseFailure said && NOT_INSTALLED.contains(said.code())
                        ? Future.succeededFuture(Map.of())
                        : Future.failedFuture(error));
    }
}
