package io.crossfade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What was compared, the target against legacy, as tables, and how the slowest calls went by the hour. */
final class StatisticsReport {
    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final List<String> SIDES = List.of("legacy", "target");

    private StatisticsReport() {}

    static List<String> of(JsonNode statistics) {
        List<String> lines = new ArrayList<>(SampledReport.of(statistics.path("sampled")));
        add(lines, "The same reads on both sides, legacy / target:", "comparing", statistics);
        add(lines, "What callers got, legacy / target:", "answering", statistics);
        if (lines.isEmpty()) {
            lines.add("Nothing was counted in that time.");
        }
        return lines;
    }

    private static void add(List<String> lines, String title, String role, JsonNode statistics) {
        Map<String, Map<String, JsonNode>> rows = new TreeMap<>();
        for (JsonNode row : statistics.path("rows")) {
            if (row.path("role").asText().equals(role)) {
                rows.computeIfAbsent(
                                row.path("repository").asText() + "\0"
                                        + row.path("operation").asText(),
                                key -> new TreeMap<>())
                        .put(row.path("side").asText(), row);
            }
        }
        if (rows.isEmpty()) {
            return;
        }
        TextTable table =
                new TextTable("REPOSITORY", "OPERATION", "CALLS", "ERRORS", "P50 MS", "P99 MS", "P99 RATIO", "ROWS");
        rows.forEach((key, sides) -> {
            String[] names = key.split("\0", 2);
            table.add(
                    names[0],
                    names[1],
                    both(sides, row -> "" + row.path("calls").asLong()),
                    both(sides, row -> "" + errors(row)),
                    both(sides, row -> milliseconds(row.path("p50Ms"))),
                    both(sides, row -> milliseconds(row.path("p99Ms"))),
                    ratio(sides),
                    both(sides, row -> "" + row.path("rows").asLong()));
        });
        if (!lines.isEmpty()) {
            lines.add("");
        }
        lines.add(title);
        lines.addAll(table.lines());
        lines.addAll(hours(role, statistics.path("hours")));
    }

    /** One bar for each hour that has calls, as high as its 99th percentile against the highest of both sides. */
    private static List<String> hours(String role, JsonNode hours) {
        Map<String, Map<String, Double>> series = new TreeMap<>();
        double highest = 0;
        for (JsonNode hour : hours) {
            if (hour.path("role").asText().equals(role)) {
                double value = hour.path("p99Ms").asDouble();
                highest = Math.max(highest, value);
                series.computeIfAbsent(hour.path("hour").asText(), key -> new TreeMap<>())
                        .put(hour.path("side").asText(), value);
            }
        }
        List<String> lines = new ArrayList<>();
        if (series.size() < 2) {
            return lines;
        }
        lines.add(String.format(Locale.ROOT, "  p99 by the hour, up to %s ms:", milliseconds(highest)));
        for (String side : SIDES) {
            StringBuilder bars = new StringBuilder();
            for (Map<String, Double> hour : series.values()) {
                Double value = hour.get(side);
                bars.append(value == null ? ' ' : bar(value, highest));
            }
            if (!bars.toString().isBlank()) {
                lines.add("  " + side + "  " + bars);
            }
        }
        return lines;
    }

    private static char bar(double value, double highest) {
        int height = highest == 0 ? 0 : (int) Math.round(value / highest * (BARS.length() - 1));
        return BARS.charAt(height);
    }

    private static String both(Map<String, JsonNode> sides, Shown shown) {
        List<String> texts = new ArrayList<>();
        for (String side : SIDES) {
            JsonNode row = sides.get(side);
            texts.add(row == null ? "-" : shown.of(row));
        }
        return String.join(" / ", texts);
    }

    private static long errors(JsonNode row) {
        long errors = 0;
        for (JsonNode count : row.path("errors")) {
            errors += count.asLong();
        }
        return errors;
    }

    /** Above one the target is slower. */
    private static String ratio(Map<String, JsonNode> sides) {
        double legacy =
                sides.containsKey("legacy") ? sides.get("legacy").path("p99Ms").asDouble() : 0;
        double target =
                sides.containsKey("target") ? sides.get("target").path("p99Ms").asDouble() : 0;
        return legacy == 0 || target == 0 ? "-" : String.format(Locale.ROOT, "%.2f", target / legacy);
    }

    private static String milliseconds(JsonNode value) {
        return value.isNumber() ? milliseconds(value.asDouble()) : "-";
    }

    private static String milliseconds(double value) {
        return String.format(Locale.ROOT, value < 10 ? "%.2f" : "%.0f", value);
    }

    @FunctionalInterface
    private interface Shown {
        String of(JsonNode row);
    }
}
