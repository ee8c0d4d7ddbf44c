package io.crossfade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that moves a repository, based on the epoch that the operator has seen. */
abstract class MoveCommand extends AdminCommand {
    @Parameters(index = "0", paramLabel = "REPOSITORY", description = "The table, by its name in the API.")
    private String repository = "";

    @Option(
            names = "--epoch",
            paramLabel = "N",
            description = "Only if nothing was changed since this epoch, as 'status' shows it (default: now).")
    private @Nullable Long epoch;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept with the change.")
    private @Nullable String reason;

    @Option(
            names = "--override",
            description = "Although gates are not green; needs --reason, and their names are kept with it.")
    private boolean override;

    MoveCommand(Map<String, String> environment) {
        super(environment);
    }

    /** What is to be changed. */
    abstract ObjectNode change();

    @Override
    final int ask(AdminApi api) throws CommandFailedException {
        ObjectNode change = change();
        if (override && (reason == null || reason.isBlank())) {
            throw wrong("--override needs a --reason, which is kept with the change");
        }
        if (reason != null) {
            change.put("reason", reason);
        }
        if (override) {
            change.put("override", true);
        }
        String path = "/api/repositories/" + AdminApi.part(repository);
        JsonNode before = api.get(path);
        long basis = epoch == null ? before.path("epoch").asLong() : epoch;
        JsonNode after = api.patch(path, change, OptionalLong.of(basis));
        if (json()) {
            print(after);
            return ExitCode.OK;
        }
        out().println(TextTable.printable(repository + ": " + place(before) + " -> " + place(after) + " (epoch "
                + after.path("epoch").asLong() + ")"));
        List<String> others = new ArrayList<>();
        after.path("moved").forEach(name -> others.add(name.asText()));
        others.remove(repository);
        if (!others.isEmpty()) {
            out().println(TextTable.printable("moved with it: " + String.join(", ", others)));
        }
        return ExitCode.OK;
    }

    private static String place(JsonNode repository) {
        String stage = repository.path("stage").asText();
        return stage.equals("rollout")
                ? stage + " " + StatusReport.number(repository.path("rollout").asDouble()) + " %"
                : stage;
    }
}
