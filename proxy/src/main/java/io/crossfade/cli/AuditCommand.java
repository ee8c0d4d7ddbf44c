package io.crossfade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;

/** Shows who did what, or checks that the history of it can be relied on. */
@Command(
        name = "audit",
        description = "Shows who changed what, when and why, the newest first; or checks that history.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:shown, or the history is sound",
            "1:the history is not sound, or a side or the proxy did not answer",
            "2:wrong usage"
        },
        footer = {
            "",
            "Both databases keep the history. Entries are chained by hashes: --verify names",
            "the first entry of each chain that was changed, taken out or put in, and every",
            "change of which the two databases tell differently.",
            "",
            "Examples:",
            "  ./crossfade audit --limit 20",
            "  ./crossfade audit --verify"
        })
final class AuditCommand extends AdminCommand {
    @Option(names = "--verify", description = "Check every entry of both databases.")
    private boolean verify;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "How many entries at most, up to 1000 (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--before", paramLabel = "TIME", description = "Only older ones, such as 2026-03-01T10:15:30Z.")
    private @Nullable String before;

    AuditCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int ask(AdminApi api) throws CommandFailedException {
        if (limit < 0 || limit > 1_000) {
            throw wrong("--limit is a number from 0 to 1000");
        }
        JsonNode answer = verify
                ? api.get("/api/audit/verify")
                : api.get("/api/audit?limit=" + limit + (before == null ? "" : "&before=" + AdminApi.part(before)));
        if (json()) {
            print(answer);
        } else if (verify) {
            showFindings(answer);
        } else {
            showEntries(answer);
        }
        answer.path("notAsked")
                .forEach(side -> warn(side.path("side").asText() + " was not asked: "
                        + side.path("problem").asText()));
        boolean sound = !verify || answer.path("sound").asBoolean();
        return sound && answer.path("notAsked").isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void showEntries(JsonNode answer) {
        if (answer.path("entries").isEmpty()) {
            out().println("Nothing was done yet.");
            return;
        }
        TextTable table = new TextTable("WHEN", "WHO", "WHAT", "GROUP", "EPOCH", "CHANGE", "WHY");
        for (JsonNode entry : answer.path("entries")) {
            table.add(
                    entry.path("at").asText().replaceAll("\\.[0-9]+Z$", "Z"),
                    entry.path("operator").asText(),
                    entry.path("kind").asText(),
                    text(entry.path("group")),
                    text(entry.path("epoch")),
                    change(entry),
                    entry.path("reason").asText());
        }
        table.lines().forEach(out()::println);
        if (!answer.path("next").isNull()) {
            out().println("  older ones: --before " + answer.path("next").asText());
        }
    }

    private static String text(JsonNode value) {
        return value.isNull() ? "" : value.asText();
    }

    private static String change(JsonNode entry) {
        if (!entry.path("kind").asText().equals("state")) {
            return entry.path("to").isEmpty() ? "" : entry.path("to").toString();
        }
        String to = place(entry.path("to"));
        return entry.path("from").isNull() ? to : place(entry.path("from")) + " -> " + to;
    }

    private static String place(JsonNode state) {
        String stage = state.path("stage").asText();
        String share = stage.equals("rollout")
                ? " " + StatusReport.number(state.path("rollout").asDouble()) + " %"
                : "";
        String moving = state.path("moving_to").isTextual()
                ? ", moving to " + state.path("moving_to").asText()
                : "";
        return stage + share + moving;
    }

    private void showFindings(JsonNode answer) {
        answer.path("entries")
                .properties()
                .forEach(side ->
                        out().println(side.getKey() + ": " + side.getValue().asLong() + " entries"));
        for (JsonNode finding : answer.path("findings")) {
            out().println(TextTable.printable(
                    (finding.path("side").isNull()
                                    ? "both sides"
                                    : finding.path("side").asText()) + ", "
                            + finding.path("chain").asText()
                            + (finding.path("id").isNull()
                                    ? ""
                                    : ", entry " + finding.path("id").asLong())
                            + (finding.path("epoch").isNull()
                                    ? ""
                                    : ", epoch " + finding.path("epoch").asLong())
                            + ": " + finding.path("problem").asText()));
        }
        out().println(answer.path("sound").asBoolean() ? "The history is sound." : "The history is not sound.");
    }

    private void warn(String text) {
        err().println(TextTable.printable(text));
        err().flush();
    }
}
