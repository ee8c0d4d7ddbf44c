package io.crossfade.cli;

import io.crossfade.demo.Latencies;
import io.crossfade.demo.TrafficTally;
import io.crossfade.migration.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the demo's traffic came to, as a table of repositories. */
final class TrafficTable {
    private TrafficTable() {}

    static List<String> of(TrafficTally tally) {
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "%-28s %8s %8s %8s %8s %9s %9s",
                "repository",
                "calls",
                "legacy",
                "target",
                "errors",
                "p50 ms",
                "p99 ms"));
        tally.repositories()
                .forEach((name, calls) -> lines.add(row(
                        name,
                        calls.calls(),
                        calls.answeredBy(Side.LEGACY),
                        calls.answeredBy(Side.TARGET),
                        calls.errors(),
                        calls.latencies())));
        lines.add(row(
                "all",
                tally.calls(),
                tally.answeredBy(Side.LEGACY),
                tally.answeredBy(Side.TARGET),
                tally.errors(),
                tally.latencies()));
        lines.add("answers: "
                + tally.statuses().entrySet().stream()
                        .map(status -> status.getKey() + " × " + status.getValue())
                        .collect(Collectors.joining(", ")));
        if (tally.firstError() != null) {
            lines.add("first error: " + tally.firstError());
        }
        return lines;
    }

    private static String row(String name, long calls, long legacy, long target, long errors, Latencies latencies) {
        return String.format(
                Locale.ROOT,
                "%-28s %8d %8d %8d %8d %9.1f %9.1f",
                name,
                calls,
                legacy,
                target,
                errors,
                latencies.percentile(50),
                latencies.percentile(99));
    }
}
