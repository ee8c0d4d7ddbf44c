package io.crossfade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Lists dead letters. */
@Command(
        name = "list",
        description = "Lists the rows that the target would not take, the oldest first.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:listed, also where there are none", "1:a side or the proxy did not answer", "2:wrong usage"},
        footer = {
            "",
            "Keys can be personal data, so they are masked: the length of each column, and",
            "a hash that is the same for equal values. The keys themselves are in the table",
            "crossfade.dead_letter of the side that refused the row.",
            "",
            "Examples:",
            "  ./crossfade dead-letters list",
            "  ./crossfade dead-letters list --repository clients --limit 1000 --json"
        })
final class ListLettersCommand extends AdminCommand {
    @Option(names = "--repository", paramLabel = "NAME", description = "Only those of this table.")
    private @Nullable String repository;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many at most, up to 1000 (default: ${DEFAULT-VALUE}).")
    private int limit;

    ListLettersCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int ask(AdminApi api) throws CommandFailedException {
        if (limit < 0 || limit > 1_000) {
            throw wrong("--limit is a number from 0 to 1000");
        }
        JsonNode listing = api.get("/api/dead-letters?limit=" + limit
                + (repository == null ? "" : "&repository=" + AdminApi.part(repository)));
        if (json()) {
            print(listing);
        } else {
            show(listing);
        }
        listing.path("notAsked")
                .forEach(side ->
                        warn(side.path("side").asText(), side.path("problem").asText()));
        return listing.path("notAsked").isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void show(JsonNode listing) {
        JsonNode letters = listing.path("deadLetters");
        long total = listing.path("total").asLong();
        if (letters.isEmpty()) {
            out().println(total == 0 ? "There are no dead letters." : "There are " + total + " dead letters.");
            return;
        }
        TextTable table = new TextTable("ID", "REPOSITORY", "KEY", "TRIED", "FIRST FAILED", "NEXT TRY", "PROBLEM");
        for (JsonNode letter : letters) {
            table.add(
                    letter.path("id").asText(),
                    letter.path("repository").asText(),
                    key(letter.path("key")),
                    letter.path("attempts").asInt(),
                    moment(letter.path("firstFailedAt").asText()),
                    moment(letter.path("nextTryAt").asText()),
                    letter.path("problem").asText());
        }
        table.lines().forEach(out()::println);
        if (total > letters.size()) {
            out().println("  and " + (total - letters.size()) + " more");
        }
    }

    private void warn(String side, String problem) {
        err().println(TextTable.printable("Those of " + side + " are not in the list: " + problem));
        err().flush();
    }

    private static String key(JsonNode parts) {
        List<String> texts = new ArrayList<>();
        parts.forEach(part ->
                texts.add(part.path("hash").asText() + "(" + part.path("length").asInt() + ")"));
        return String.join(" ", texts);
    }

    /** To the second, in UTC, as the API gives it. */
    private static String moment(String instant) {
        return instant.replaceAll("\\.[0-9]+Z$", "Z");
    }
}
