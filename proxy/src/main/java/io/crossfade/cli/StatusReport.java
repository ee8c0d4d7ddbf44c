package io.crossfade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.migration.Stage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Decides from what the admin API says whether a proxy is healthy.
 *
 * @param red what is not as it should be, a sentence for each
 */
record StatusReport(List<String> red) {
    StatusReport {
        red = List.copyOf(red);
    }

    static StatusReport of(JsonNode status, JsonNode repositories, Duration mostLag) {
        List<String> red = new ArrayList<>();
        for (JsonNode side : status.path("sides")) {
            if (!side.path("up").asBoolean()) {
                red.add(side.path("side").asText() + " is down: "
                        + side.path("problem").asText());
            }
        }
        for (JsonNode group : status.path("shadow")) {
            addProblems(group, mostLag, red);
        }
        if (status.path("shadow").isEmpty()) {
            for (JsonNode repository : repositories.path("repositories")) {
                String stage = repository.path("stage").asText();
                if (Stage.byLabel(stage).map(Stage::needsShadow).orElse(false)) {
                    red.add(repository.path("name").asText() + " is in stage " + stage + ", and nothing is shadowed");
                }
            }
        }
        return new StatusReport(red);
    }

    private static void addProblems(JsonNode group, Duration mostLag, List<String> red) {
        String name = "group " + group.path("group").asText();
        if (!group.path("problem").isNull()) {
            red.add(name + ": replay waits: " + group.path("problem").asText());
        }
        int letters = group.path("deadLetters").asInt();
        if (letters > 0) {
            red.add(name + ": " + letters + (letters == 1 ? " dead letter" : " dead letters")
                    + "; see './crossfade dead-letters list'");
        }
        double lag = group.path("lagSeconds").asDouble();
        if (lag > mostLag.toMillis() / 1_000.0) {
            red.add(name + ": the target is " + number(lag) + " s behind");
        }
    }

    /** Without needless zeros, and without an exponent. */
    static String number(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
