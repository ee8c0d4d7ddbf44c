package io.crossfade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has dead letters tried again at once. */
@Command(
        name = "retry",
        description = "Has rows tried again at once, whatever their turn was.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:they are tried within moments", "1:no such dead letter, or no answer", "2:wrong usage"},
        footer = {
            "",
            "Mend the reason first; a row that is refused again stays in the list, with one",
            "more attempt.",
            "",
            "Examples:",
            "  ./crossfade dead-letters retry target-17 target-18",
            "  ./crossfade dead-letters retry --repository clients",
            "  ./crossfade dead-letters retry --all"
        })
final class RetryLettersCommand extends AdminCommand {
    @Parameters(paramLabel = "ID", arity = "0..*", description = "As 'dead-letters list' shows it.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--repository", paramLabel = "NAME", description = "All of this table.")
    private @Nullable String repository;

    @Option(names = "--all", description = "All there are.")
    private boolean all;

    RetryLettersCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int ask(AdminApi api) throws CommandFailedException {
        if ((ids.isEmpty() ? 0 : 1) + (repository == null ? 0 : 1) + (all ? 1 : 0) != 1) {
            throw wrong("Say which: one or several ids, --repository NAME, or --all");
        }
        long count = 0;
        if (ids.isEmpty()) {
            JsonNode answer = api.post(
                    "/api/dead-letters/retry" + (repository == null ? "" : "?repository=" + AdminApi.part(repository)));
            count = answer.path("retried").asLong();
        }
        for (String id : ids) {
            var unused = api.post("/api/dead-letters/" + AdminApi.part(id) + "/retry");
            count++;
        }
        if (json()) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode().put("retried", count);
            print(answer);
        } else {
            out().println(count == 1 ? "One row is tried again." : count + " rows are tried again.");
        }
        return ExitCode.OK;
    }
}
