package io.crossfade.admin;

import io.crossfade.evidence.Evidence;
import io.crossfade.evidence.RetiredWatch.Alarm;
import io.crossfade.evidence.RowsWatch.Gone;
import io.crossfade.statistics.Benchmark;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What was counted of calls and comparisons, by all proxies, and what is alarming about it.
 *
 * @param evidence what comparing has come to since so long ago
 * @param statistics how the sides did since so long ago
 * @param rowsGone the shapes of reads that find no rows any more, as this proxy saw it
 * @param retired who should not be used and is, and when that was told, as this proxy saw it
 */
public record Counted(
        Function<Duration, Future<Evidence.Known>> evidence,
        Function<Duration, Future<Benchmark>> statistics,
        Supplier<List<Gone>> rowsGone,
        Supplier<Map<Alarm, Instant>> retired) {
    /** Where nothing is counted. */
    public static final Counted NOTHING = new Counted(
            time -> Future.succeededFuture(new Evidence.Known(List.of(), List.of())),
            time -> Future.succeededFuture(new Benchmark(List.of(), List.of(), List.of(), List.of())),
            List::of,
            Map::of);
}
