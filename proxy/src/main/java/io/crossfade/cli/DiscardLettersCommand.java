package io.crossfade.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** Gives dead letters up. */
@Command(
        name = "discard",
        description = "Gives rows up: they are no longer tried.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:discarded", "1:no such dead letter, or no answer", "2:wrong usage"},
        footer = {
            "",
            "Such a row stays different on the two sides until its key is written again on",
            "the authority. There is no way to discard all at once.",
            "",
            "Example:",
            "  ./crossfade dead-letters discard target-17"
        })
final class DiscardLettersCommand extends AdminCommand {
    @Parameters(paramLabel = "ID", arity = "1..*", description = "As 'dead-letters list' shows it.")
    private List<String> ids = new ArrayList<>();

    DiscardLettersCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int ask(AdminApi api) throws CommandFailedException {
        String note = "";
        for (String id : ids) {
            note = api.post("/api/dead-letters/" + AdminApi.part(id) + "/discard")
                    .path("note")
                    .asText();
            if (!json()) {
                out().println(TextTable.printable("Discarded " + id + "."));
            }
        }
        if (json()) {
            ObjectNode answer = JsonNodeFactory.instance
                    .objectNode()
                    .put("discarded", ids.size())
                    .put("note", note);
            print(answer);
        } else {
            out().println(note);
        }
        return ExitCode.OK;
    }
}
