package io.crossfade.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says that mismatches are no more. */
@Command(
        name = "resolve",
        description = "Says that groups of mismatches are no more, with the reason.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:resolved", "1:no such mismatch, or no answer", "2:wrong usage"},
        footer = {
            "",
            "The gate 'soak' counts them no more. One that is confirmed again is confirmed",
            "again. The reason is kept in the history.",
            "",
            "Example:",
            "  ./crossfade mismatches resolve 1ddeae6836d733af --reason \"rounded on purpose\""
        })
final class ResolveMismatchesCommand extends AdminCommand {
    @Parameters(paramLabel = "ID", arity = "1..*", description = "As 'mismatches' shows it.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why; kept in the history.")
    private String reason = "";

    ResolveMismatchesCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int ask(AdminApi api) throws CommandFailedException {
        if (reason.isBlank()) {
            throw wrong("--reason must say why");
        }
        ArrayNode resolved = JsonNodeFactory.instance.arrayNode();
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("reason", reason);
        for (String id : ids) {
            resolved.add(api.post("/api/mismatches/" + AdminApi.part(id) + "/resolve", body, OptionalLong.empty()));
            if (!json()) {
                out().println(TextTable.printable("Resolved " + id + "."));
            }
        }
        if (json()) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            answer.set("resolved", resolved);
            print(answer);
        }
        return ExitCode.OK;
    }
}
