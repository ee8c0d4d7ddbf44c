package io.crossfade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Lists what both sides answer differently, in groups. */
@Command(
        name = "mismatches",
        description = "Lists what the two sides answer differently, grouped by table, kind and columns.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "[show | resolve]",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:listed, also where there are none", "1:a side or the proxy did not answer", "2:wrong usage"},
        footer = {
            "",
            "Confirmed means that reading again showed the same; transient, that it was being",
            "written. Where nothing was compared, nothing is known: an empty list says so.",
            "",
            "Examples:",
            "  ./crossfade mismatches",
            "  ./crossfade mismatches --repository clients --state confirmed",
            "  ./crossfade mismatches show 1ddeae6836d733af",
            "  ./crossfade mismatches resolve 1ddeae6836d733af --reason \"rounded on purpose\""
        })
final class ListMismatchesCommand extends AdminCommand {
    @Option(names = "--repository", paramLabel = "NAME", description = "Only those of this table.")
    private @Nullable String repository;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description =
                    "Only those of this kind: missing, extra, value, order, unstable, error, status, write or table.")
    private @Nullable String kind;

    @Option(
            names = "--state",
            paramLabel = "STATE",
            description = "Only those that are transient, confirmed or resolved.")
    private @Nullable String state;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many at most, up to 1000 (default: ${DEFAULT-VALUE}).")
    private int limit;

    private ListMismatchesCommand(Map<String, String> environment) {
        super(environment);
    }

    static CommandLine of(Map<String, String> environment) {
        return new CommandLine(new ListMismatchesCommand(environment))
                .addSubcommand(new ShowMismatchCommand(environment))
                .addSubcommand(new ResolveMismatchesCommand(environment));
    }

    @Override
    int ask(AdminApi api) throws CommandFailedException {
        if (limit < 0 || limit > 1_000) {
            throw wrong("--limit is a number from 0 to 1000");
        }
        JsonNode listing = api.get("/api/mismatches?limit=" + limit + parameter("repository", repository)
                + parameter("kind", kind) + parameter("state", state));
        if (json()) {
            print(listing);
        } else {
            show(listing);
        }
        listing.path("notAsked").forEach(this::warn);
        return listing.path("notAsked").isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private static String parameter(String name, @Nullable String value) {
        return value == null ? "" : "&" + name + "=" + AdminApi.part(value);
    }

    private void show(JsonNode listing) {
        JsonNode groups = listing.path("mismatches");
        if (!groups.isEmpty()) {
            TextTable table = new TextTable(
                    "ID", "REPOSITORY", "KIND", "COLUMNS", "STATE", "CONFIRMED", "TRANSIENT", "LAST SEEN");
            for (JsonNode group : groups) {
                table.add(
                        group.path("id").asText(),
                        group.path("repository").asText(),
                        group.path("kind").asText(),
                        columns(group),
                        group.path("state").asText(),
                        group.path("confirmed").asLong(),
                        group.path("transient").asLong(),
                        moment(group.path("lastSeenAt").asText()));
            }
            table.lines().forEach(out()::println);
        }
        long more = listing.path("total").asLong() - groups.size();
        if (more > 0) {
            out().println("  and " + more + " more");
        }
        long reads = 0;
        for (JsonNode compared : listing.path("comparedWithinADay")) {
            reads += compared.path("reads").asLong();
        }
        String compared = reads == 0
                ? "No read was compared within a day."
                : reads + (reads == 1 ? " read was" : " reads were") + " compared within a day.";
        out().println(groups.isEmpty() && more <= 0 ? "There are no such mismatches. " + compared : compared);
        long dropped = listing.path("dropped").path("confirmed").asLong();
        if (dropped > 0) {
            out().println(dropped
                    + " confirmed groups were forgotten because there were too many (comparison.keepAtMost).");
        }
    }

    private void warn(JsonNode side) {
        err().println(TextTable.printable("What " + side.path("side").asText() + " knows is not in the list: "
                + side.path("problem").asText()));
        err().flush();
    }

    static String columns(JsonNode group) {
        List<String> names = new ArrayList<>();
        group.path("columns").forEach(name -> names.add(name.asText()));
        return names.isEmpty() ? "-" : String.join(", ", names);
    }

    /** To the second, in UTC, as the API gives it. */
    static String moment(String instant) {
        return instant.replaceAll("\\.[0-9]+Z$", "Z");
    }
}
