package io.crossfade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What comparing has proved, as a table. */
final class EvidenceReport {
    private EvidenceReport() {}

    static List<String> of(JsonNode evidence) {
        TextTable table = new TextTable("REPOSITORY", "STATE", "COMPARED", "FOUND ROWS", "ERRORS", "SHAPE");
        for (JsonNode shape : evidence.path("shapes")) {
            JsonNode legacy = shape.path("sides").path("legacy");
            JsonNode target = shape.path("sides").path("target");
            boolean any = shape.path("compared").asLong() > 0;
            table.add(
                    shape.path("repository").asText(),
                    shape.path("state").asText(),
                    shape.path("compared").asLong(),
                    any ? share(legacy, shape) + " / " + share(target, shape) : "-",
                    any ? codes(legacy) + " / " + codes(target) : "-",
                    shape.path("shape").isNull() ? "-" : shape.path("shape").asText());
        }
        List<String> lines = new ArrayList<>();
        lines.add("What comparing has proved, legacy / target:");
        lines.addAll(table.lines());
        for (JsonNode alarm : evidence.path("alarms")) {
            lines.add(TextTable.printable("Alarm: " + alarm.path("alarm").asText() + " on "
                    + alarm.path("side").asText()
                    + (alarm.path("repository").isNull()
                            ? ""
                            : ", " + alarm.path("repository").asText())
                    + ": " + alarm.path("detail").asText() + ", since "
                    + alarm.path("since").asText()));
        }
        return lines;
    }

    private static String share(JsonNode side, JsonNode shape) {
        return Math.round(100.0
                        * side.path("foundRows").asLong()
                        / shape.path("compared").asLong())
                + " %";
    }

    private static String codes(JsonNode side) {
        List<String> codes = new ArrayList<>();
        side.path("codes")
                .properties()
                .forEach(code -> codes.add(code.getKey() + "×" + code.getValue().asLong()));
        return codes.isEmpty() ? "none" : String.join(" ", codes);
    }
}
