package io.crossfade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Option;

/** Tells how a running proxy is. */
@Command(
        name = "status",
        description = "Tells how a running proxy is: sides, stages, shares, lag and dead letters.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:healthy", "1:something is red, or no proxy answered", "2:wrong usage"},
        footer = {
            "",
            "Red are a side that is down, replay that waits, dead letters, a lag above",
            "--max-lag, and a repository in a shadowed stage while nothing is shadowed.",
            "",
            "COMPARED, DIFFERED and CONFIRMED count the reads of a day that both sides were",
            "asked.",
            "",
            "With --since it sets the two sides against each other instead, and with",
            "--evidence it shows what was compared; an alarm about that ends it with 1.",
            "--since begins with how many of the sampled reads were compared, and why",
            "others were not: a side that does not answer has no errors to show.",
            "",
            "For a group whose writes the target takes, it tells how many writes a forced",
            "rollback could lose at this moment: an ordinary rollback loses none.",
            "",
            "Examples:",
            "  ./crossfade status",
            "  ./crossfade status --url http://10.0.0.7:8081 --max-lag 2s",
            "  ./crossfade status --since 48h",
            "  ./crossfade status --evidence",
            "  ./crossfade status --json | jq .red"
        })
final class StatusCommand extends AdminCommand {
    @Option(
            names = "--max-lag",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How far the target may be behind, such as 500ms or 2s (default: ${DEFAULT-VALUE}).")
    private Duration mostLag = Duration.ZERO;

    @Option(names = "--gates", description = "Show the gates that are green, too.")
    private boolean allGates;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Set the target against legacy over that time, such as 48h or 7d: calls, errors, times, rows,"
                    + " and what was not compared.")
    private @Nullable String since;

    @Option(names = "--evidence", description = "Show what comparing has proved, by shape of calls.")
    private boolean evidence;

    StatusCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int ask(AdminApi api) throws CommandFailedException {
        if (evidence || since != null) {
            return compared(api);
        }
        JsonNode status = api.get("/api/status");
        JsonNode repositories = api.get("/api/repositories");
        StatusReport report = StatusReport.of(status, repositories, mostLag);
        if (json()) {
            ArrayNode red = JsonNodeFactory.instance.arrayNode();
            report.red().forEach(red::add);
            ObjectNode all = JsonNodeFactory.instance.objectNode();
            all.put("healthy", report.red().isEmpty());
            all.set("red", red);
            all.set("status", status);
            all.set("repositories", repositories.path("repositories"));
            print(all);
        } else {
            show(status, repositories, report);
        }
        return report.red().isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private int compared(AdminApi api) throws CommandFailedException {
        String time = since == null ? "" : "?since=" + AdminApi.part(since);
        JsonNode answer = api.get((evidence ? "/api/evidence" : "/api/statistics") + time);
        if (json()) {
            print(answer);
        } else {
            (evidence ? EvidenceReport.of(answer) : StatisticsReport.of(answer)).forEach(out()::println);
        }
        for (JsonNode side : answer.path("notAsked")) {
            err().println(TextTable.printable(side.asText() + " was not asked."));
        }
        err().flush();
        return answer.path("alarms").isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void show(JsonNode status, JsonNode repositories, StatusReport report) {
        title("Crossfade " + status.path("version").asText() + ", up for "
                + Duration.ofSeconds(status.path("uptimeSeconds").asLong())
                        .toString()
                        .substring(2)
                        .toLowerCase(Locale.ROOT)
                + ", epoch " + status.path("epoch").asLong());
        TextTable sides = new TextTable("SIDE", "STATE", "ADDRESS");
        for (JsonNode side : status.path("sides")) {
            sides.add(
                    side.path("side").asText(),
                    side.path("up").asBoolean() ? "up" : "down",
                    side.path("address").asText());
        }
        section(sides);
        if (!status.path("shadow").isEmpty()) {
            section(groups(status.path("shadow")));
        }
        if (!status.path("atRisk").isEmpty()) {
            section(atRisk(status.path("atRisk")));
        }
        section(repositories(repositories.path("repositories")));
        List<String> gates = GateReport.of(repositories.path("repositories"), allGates);
        if (!gates.isEmpty()) {
            out().println();
            gates.forEach(out()::println);
        }
        out().println();
        if (report.red().isEmpty()) {
            out().println(styled("Healthy.", Style.fg_green));
        }
        report.red().forEach(problem -> out().println(styled("Red: " + problem, Style.fg_red)));
    }

    private void section(TextTable table) {
        out().println();
        table.lines().forEach(out()::println);
    }

    private static TextTable groups(JsonNode shadow) {
        TextTable table = new TextTable("GROUP", "BEHIND", "WAITING", "DEAD LETTERS", "REPLAYED BY");
        for (JsonNode group : shadow) {
            table.add(
                    group.path("group").asText(),
                    group.path("catchingUp").asBoolean()
                            ? "catching up"
                            : StatusReport.number(group.path("lagSeconds").asDouble()) + " s",
                    group.path("waiting").asLong(),
                    group.path("deadLetters").asLong(),
                    group.path("replayedHere").asBoolean() ? "this proxy" : "not this proxy");
        }
        return table;
    }

    private static TextTable atRisk(JsonNode groups) {
        TextTable table =
                new TextTable("LIVE", "LOST BY FORCE NOW", "IN THE JOURNAL", "REFUSED", "UNREPLAYED", "UNKNOWN");
        for (JsonNode group : groups) {
            table.add(
                    group.path("group").asText(),
                    "up to " + group.path("rows").asLong(),
                    group.path("backlog").asLong(),
                    group.path("deadLetters").asLong(),
                    group.path("unacknowledged").asLong(),
                    group.path("sinceLook").asLong());
        }
        return table;
    }

    private static TextTable repositories(JsonNode repositories) {
        TextTable table = new TextTable(
                "REPOSITORY", "GROUP", "STAGE", "WANTED", "MEASURED", "COMPARED", "DIFFERED", "CONFIRMED");
        for (JsonNode repository : repositories) {
            boolean rollout = repository.path("stage").asText().equals("rollout");
            JsonNode measured = repository.path("measuredRollout");
            JsonNode compared = repository.path("comparedWithinADay");
            table.add(
                    repository.path("name").asText(),
                    repository.path("group").asText(),
                    repository.path("stage").asText(),
                    rollout ? StatusReport.number(repository.path("rollout").asDouble()) + " %" : "-",
                    measured.isNumber() ? StatusReport.number(measured.asDouble()) + " %" : "no reads",
                    compared.isObject() ? compared.path("reads").asText() : "nothing",
                    compared.isObject() ? compared.path("mismatched").asText() : "-",
                    compared.isObject() ? compared.path("confirmed").asText() : "-");
        }
        return table;
    }
}
