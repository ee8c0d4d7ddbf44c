package io.crossfade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** Shows one group of mismatches with its samples. */
@Command(
        name = "show",
        description = "Shows one group of mismatches with samples of both sides.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:shown", "1:no such mismatch, or no answer", "2:wrong usage"},
        footer = {
            "",
            "Values can be personal data, so they are masked: type, length, and a hash that is",
            "the same for equal values. comparison.revealValues keeps the values, too.",
            "",
            "Example:",
            "  ./crossfade mismatches show 1ddeae6836d733af"
        })
final class ShowMismatchCommand extends AdminCommand {
    @Parameters(paramLabel = "ID", description = "As 'mismatches' shows it.")
    private String id = "";

    ShowMismatchCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int ask(AdminApi api) throws CommandFailedException {
        JsonNode group = api.get("/api/mismatches/" + AdminApi.part(id));
        if (json()) {
            print(group);
        } else {
            show(group);
        }
        return ExitCode.OK;
    }

    private void show(JsonNode group) {
        title(group.path("repository").asText() + ": " + group.path("kind").asText() + " ("
                + ListMismatchesCommand.columns(group) + "), "
                + group.path("state").asText());
        TextTable facts = new TextTable("FIRST SEEN", "LAST SEEN", "LAST CONFIRMED", "CONFIRMED", "TRANSIENT");
        facts.add(
                ListMismatchesCommand.moment(group.path("firstSeenAt").asText()),
                ListMismatchesCommand.moment(group.path("lastSeenAt").asText()),
                group.path("lastConfirmedAt").isNull()
                        ? "never"
                        : ListMismatchesCommand.moment(
                                group.path("lastConfirmedAt").asText()),
                group.path("confirmed").asLong(),
                group.path("transient").asLong());
        facts.lines().forEach(out()::println);
        JsonNode resolved = group.path("resolved");
        if (!resolved.isNull()) {
            out().println(TextTable.printable(
                    "Resolved by " + resolved.path("by").asText() + ": "
                            + resolved.path("reason").asText()));
        }
        for (JsonNode sample : group.path("samples")) {
            out().println();
            out().println(TextTable.printable(
                    ListMismatchesCommand.moment(sample.path("at").asText()) + "  "
                            + sample.path("shape").asText()));
            TextTable images = new TextTable("", "VALUES");
            images.add("key", values(sample.path("key")));
            images.add("authority", values(sample.path("authority")));
            images.add("shadow", values(sample.path("shadow")));
            images.lines().forEach(out()::println);
        }
    }

    private static String values(JsonNode image) {
        List<String> values = new ArrayList<>();
        image.forEach(value -> values.add(value(value)));
        return values.isEmpty() ? "nothing" : String.join(", ", values);
    }

    private static String value(JsonNode value) {
        String column =
                value.path("column").isNull() ? "" : value.path("column").asText() + " ";
        if (!value.path("value").isNull()) {
            return column + value.path("value").asText();
        }
        return column
                + value.path("type").asText()
                + (value.path("hash").isNull()
                        ? ""
                        : " " + value.path("hash").asText() + "("
                                + value.path("length").asInt() + ")");
    }
}
