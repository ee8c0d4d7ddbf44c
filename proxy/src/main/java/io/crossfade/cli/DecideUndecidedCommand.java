package io.crossfade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that decides about rows that a forced rollback left behind. */
abstract class DecideUndecidedCommand extends AdminCommand {
    @Parameters(paramLabel = "ID", arity = "0..*", description = "As 'reconciliation list' shows it.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--repository", paramLabel = "NAME", description = "All of this table.")
    private @Nullable String repository;

    @Option(names = "--all", description = "All there are.")
    private boolean all;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it is kept in the audit.")
    private @Nullable String reason;

    DecideUndecidedCommand(Map<String, String> environment) {
        super(environment);
    }

    /** What is done, as the API calls it. */
    abstract String word();

    /** What was done, for people. */
    abstract String done();

    /** What else is to be said. */
    abstract void describe(ObjectNode body);

    @Override
    final int ask(AdminApi api) throws CommandFailedException {
        if ((ids.isEmpty() ? 0 : 1) + (repository == null ? 0 : 1) + (all ? 1 : 0) != 1) {
            throw wrong("Say which: one or several ids, --repository NAME, or --all");
        }
        List<String> paths = new ArrayList<>();
        for (String id : ids) {
            if (!id.matches("[a-z]+-[0-9]+")) {
                throw wrong("'" + id + "' is no id such as target-17");
            }
            int dash = id.indexOf('-');
            paths.add(id.substring(0, dash) + "/" + id.substring(dash + 1) + "/");
        }
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (reason != null) {
            body.put("reason", reason);
        }
        describe(body);
        if (repository != null) {
            body.put("repository", repository);
        }
        if (all) {
            body.put("all", true);
        }
        if (paths.isEmpty()) {
            paths.add("");
        }
        boolean complete = true;
        ArrayNode answers = JsonNodeFactory.instance.arrayNode();
        for (String path : paths) {
            JsonNode decided = api.post("/api/reconciliation/" + path + word(), body, OptionalLong.empty());
            answers.add(decided);
            complete &= left(decided).isEmpty();
            if (!json()) {
                show(decided);
            }
        }
        if (json()) {
            print(ids.isEmpty() ? answers.get(0) : answers);
        }
        return complete ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private void show(JsonNode decided) {
        long count = decided.path("done").asLong();
        out().println((count == 1 ? "One row was " : count + " rows were ") + done() + ".");
        left(decided).forEach(line -> out().println(TextTable.printable(line)));
    }

    /** Why some stay on the list. */
    private static List<String> left(JsonNode decided) {
        List<String> lines = new ArrayList<>();
        long changed = decided.path("changedSince").asLong();
        if (changed > 0) {
            lines.add(changed + " left, because they were changed on the authority since: look at them, then say"
                    + " --overwrite, or discard them.");
        }
        long tables = decided.path("wholeTables").asLong();
        if (tables > 0) {
            lines.add(tables + " left, because a whole table was emptied: that can only be discarded.");
        }
        decided.path("refused")
                .properties()
                .forEach(state -> lines.add(state.getValue().asLong()
                        + " left, because the authority refused them (SQLSTATE " + state.getKey() + ")."));
        decided.path("problems").forEach(problem -> lines.add(problem.asText()));
        return lines;
    }
}
