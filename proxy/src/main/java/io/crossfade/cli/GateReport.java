package io.crossfade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.migration.Stage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What stands before the next stage of each group that has begun to move. */
final class GateReport {
    private GateReport() {}

    /** @param all whether gates that are green are shown, too, rather than counted */
    static List<String> of(JsonNode repositories, boolean all) {
        TextTable table = new TextTable("GROUP", "TOWARDS", "GATE", "STATE", "WHY");
        Set<String> seen = new HashSet<>();
        List<String> open = new ArrayList<>();
        for (JsonNode repository : repositories) {
            String group = repository.path("group").asText();
            boolean begun = !repository.path("stage").asText().equals(Stage.OFF.label());
            if (!begun || repository.path("gates").isEmpty() || !seen.add(group)) {
                continue;
            }
            String next = repository.path("nextStage").asText();
            boolean red = false;
            for (JsonNode gate : repository.path("gates")) {
                boolean green = gate.path("state").asText().equals("green");
                red |= !green;
                if (all || !green) {
                    table.add(
                            group,
                            next,
                            gate.path("name").asText(),
                            gate.path("state").asText(),
                            why(gate));
                }
            }
            if (!red) {
                open.add(TextTable.printable("Every gate of group " + group + " towards " + next + " is green."));
            }
        }
        List<String> lines = new ArrayList<>(table.lines().size() > 1 ? table.lines() : List.of());
        lines.addAll(open);
        return lines;
    }

    private static String why(JsonNode gate) {
        return gate.path("reason").asText()
                + (gate.path("at").isNull() ? "" : " (" + gate.path("at").asText() + ")");
    }
}
