package io.crossfade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** How many of the reads that were to be compared were compared, why others were not, and where those are too many. */
final class SampledReport {
    /** Below it, what was compared is not what was sampled. */
    private static final double ENOUGH_PERCENT = 95;

    private static final Map<String, String> REASONS = Map.of(
            "saturated", "as many as may be were under way already",
            "busy", "a database did not answer in time, or it or the proxy had other work",
            "side-down", "a database did not answer",
            "too-large", "answers were larger than what is compared",
            "catching-up", "the shadow was behind",
            "moved", "the repository changed its stage",
            "fault", "the proxy failed by its own fault, which its log tells");

    private SampledReport() {}

    static List<String> of(JsonNode sampled) {
        List<String> lines = new ArrayList<>();
        if (sampled.isEmpty()) {
            return lines;
        }
        TextTable table = new TextTable("REPOSITORY", "SAMPLED", "COMPARED", "SHARE", "NOT COMPARED");
        List<String> warnings = new ArrayList<>();
        for (JsonNode repository : sampled) {
            double share = repository.path("comparedPercent").asDouble();
            table.add(
                    repository.path("repository").asText(),
                    repository.path("reads").asLong(),
                    repository.path("compared").asLong(),
                    String.format(Locale.ROOT, "%.2f %%", share),
                    reasons(repository.path("notCompared")));
            if (share < ENOUGH_PERCENT) {
                warnings.add(warning(repository, share));
            }
        }
        lines.add("Reads that were to be compared:");
        lines.addAll(table.lines());
        lines.addAll(warnings);
        return lines;
    }

    private static String reasons(JsonNode notCompared) {
        List<String> texts = new ArrayList<>();
        for (JsonNode reason : notCompared) {
            String side =
                    reason.path("side").isTextual() ? " " + reason.path("side").asText() : "";
            texts.add(reason.path("reason").asText() + side + "×"
                    + reason.path("reads").asLong());
        }
        return texts.isEmpty() ? "-" : String.join(", ", texts);
    }

    private static String warning(JsonNode repository, double share) {
        Map<String, Long> reads = new LinkedHashMap<>();
        Map<String, Set<String>> sides = new LinkedHashMap<>();
        for (JsonNode each : repository.path("notCompared")) {
            String reason = each.path("reason").asText();
            reads.merge(reason, each.path("reads").asLong(), Long::sum);
            Set<String> its = sides.computeIfAbsent(reason, unknown -> new LinkedHashSet<>());
            if (each.path("side").isTextual()) {
                its.add(each.path("side").asText());
            }
        }
        String most = reads.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse("");
        Set<String> its = sides.getOrDefault(most, Set.of());
        return TextTable.printable(String.format(
                Locale.ROOT,
                "  %s: only %.2f %% was compared, mostly because %s (%s%s). The comparison below is about those reads alone.",
                repository.path("repository").asText(),
                share,
                REASONS.getOrDefault(most, "of something that this version does not know"),
                most,
                its.isEmpty() ? "" : ": " + String.join(", ", its)));
    }
}
