package io.crossfade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Lists the rows that wait for a decision. */
@Command(
        name = "list",
        description = "Lists the rows that wait for a decision, as they were written and as the authority holds them.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:listed, also where there are none", "1:a side or the proxy did not answer", "2:wrong usage"},
        footer = {
            "",
            "Values can be personal data, so they are masked: a hash that is the same for",
            "equal values, and the length. --reveal shows them; it takes the role operator,",
            "and the audit keeps who asked.",
            "",
            "Examples:",
            "  ./crossfade reconciliation list",
            "  ./crossfade reconciliation list --repository clients --reveal"
        })
final class ListUndecidedCommand extends AdminCommand {
    @Option(names = "--repository", paramLabel = "NAME", description = "Only those of this table.")
    private @Nullable String repository;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many at most of each side, up to 1000 (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--reveal", description = "Show the values; the audit keeps who did.")
    private boolean reveal;

    ListUndecidedCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int ask(AdminApi api) throws CommandFailedException {
        if (limit < 0 || limit > 1_000) {
            throw wrong("--limit is a number from 0 to 1000");
        }
        JsonNode listing = api.get("/api/reconciliation?limit=" + limit
                + (repository == null ? "" : "&repository=" + AdminApi.part(repository))
                + (reveal ? "&reveal=true" : ""));
        if (json()) {
            print(listing);
        } else {
            show(listing);
        }
        for (JsonNode side : listing.path("notAsked")) {
            err().println(TextTable.printable("Those of " + side.path("side").asText() + " are not in the list: "
                    + side.path("problem").asText()));
            err().flush();
        }
        return listing.path("notAsked").isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void show(JsonNode listing) {
        if (listing.path("entries").isEmpty()) {
            out().println("No row waits for a decision.");
            return;
        }
        for (JsonNode entry : listing.path("entries")) {
            title(entry.path("side").asText() + "-" + entry.path("id").asText() + "  "
                    + entry.path("repository").asText() + "  " + what(entry));
            TextTable table = new TextTable("COLUMN", "", "LEFT BEHIND", "ON THE AUTHORITY");
            for (JsonNode column : entry.path("columns")) {
                if (column.path("key").asBoolean() || column.path("differs").asBoolean()) {
                    table.add(
                            column.path("name").asText(),
                            column.path("key").asBoolean() ? "key" : "differs",
                            value(column.path("listed")),
                            value(column.path("present")));
                }
            }
            table.lines().forEach(out()::println);
        }
        listing.path("left")
                .properties()
                .forEach(group -> out().println(TextTable.printable(
                        "Group " + group.getKey() + ": " + group.getValue().asLong() + " left.")));
    }

    private static String what(JsonNode entry) {
        if (entry.path("wholeTable").asBoolean()) {
            return "the table was emptied, which can only be discarded";
        }
        String done = entry.path("there").asBoolean() ? "was written" : "was deleted";
        return done
                + (entry.path("onAuthority").asBoolean() ? "" : ", and is not on the authority")
                + (entry.path("changedSince").asBoolean() ? ", and was changed on the authority since" : "");
    }

    private static String value(JsonNode value) {
        if (value.isNull()) {
            return "-";
        }
        if (value.path("length").isNull()) {
            return "NULL";
        }
        return value.path("text").isTextual()
                ? value.path("text").asText()
                : value.path("hash").asText() + "(" + value.path("length").asInt() + ")";
    }
}
