package io.crossfade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that begins long work and shows its steps until it ends. */
abstract class OperationCommand extends AdminCommand {
    /** Less than the patience of a call. */
    private static final int WAIT_SECONDS = 15;

    @Parameters(
            arity = "0..*",
            paramLabel = "REPOSITORY",
            description = "The tables whose groups to move, by their names in the API (default: all that can be).")
    private List<String> repositories = List.of();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it is kept in the audit.")
    private @Nullable String reason;

    OperationCommand(Map<String, String> environment) {
        super(environment);
    }

    /** Where it is begun. */
    abstract String path();

    /** What else is to be said. */
    abstract void describe(ObjectNode body);

    /** Asks back, where that is wanted; fails where the answer is no. */
    abstract void confirm(List<String> repositories) throws CommandFailedException;

    /** The epoch that it is based on; empty where it does not matter. */
    OptionalLong basis(AdminApi api) throws CommandFailedException {
        return OptionalLong.empty();
    }

    final @Nullable String reason() {
        return reason;
    }

    @Override
    final int ask(AdminApi api) throws CommandFailedException {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (!repositories.isEmpty()) {
            ArrayNode names = body.putArray("repositories");
            repositories.forEach(names::add);
        }
        if (reason != null) {
            body.put("reason", reason);
        }
        describe(body);
        OptionalLong basis = basis(api);
        confirm(repositories);
        JsonNode work = api.post(path(), body, basis);
        int shown = 0;
        while (true) {
            boolean ended = !work.path("state").asText().equals("running");
            shown = json() ? 0 : show(work, shown, ended);
            if (ended) {
                break;
            }
            showRunning(work);
            work = next(api, work);
            clearRunning();
        }
        return ended(work);
    }

    private int ended(JsonNode work) {
        boolean done = work.path("state").asText().equals("done");
        if (json()) {
            print(work);
        } else {
            report(work.path("report"));
            String outcome = work.path("outcome").asText();
            out().println(done ? styled(outcome, Style.bold) : styled(outcome, Style.fg_red));
        }
        return done ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** On a terminal alone: elsewhere a line that is written over would be a line of its own. */
    private void showRunning(JsonNode work) {
        JsonNode steps = work.path("steps");
        if (!json() && Terminal.isThere() && !steps.isEmpty()) {
            out().print("  … "
                    + TextTable.printable(
                            steps.get(steps.size() - 1).path("name").asText()));
            out().flush();
        }
    }

    private void clearRunning() {
        if (!json() && Terminal.isThere()) {
            out().print("\r\033[K");
            out().flush();
        }
    }

    /** The steps that have ended since; the one that runs is not known to be its last word yet. */
    private int show(JsonNode work, int shown, boolean all) {
        JsonNode steps = work.path("steps");
        int until = all ? steps.size() : Math.max(shown, steps.size() - 1);
        for (int i = shown; i < until; i++) {
            JsonNode step = steps.get(i);
            boolean failed = step.path("state").asText().equals("failed");
            out().println(styled(failed ? "  ✗ " : "  ✓ ", failed ? Style.fg_red : Style.fg_green)
                    + TextTable.printable(String.format(
                            Locale.ROOT,
                            "%s  %.1f ms",
                            step.path("name").asText(),
                            step.path("millis").asDouble())));
            if (!step.path("detail").isMissingNode() && !step.path("detail").isNull()) {
                out().println(TextTable.printable("    " + step.path("detail").asText()));
            }
        }
        out().flush();
        return until;
    }

    private void report(JsonNode report) {
        report.properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            String text = value.isDouble() ? String.format(Locale.ROOT, "%.1f", value.doubleValue()) : value.asText();
            out().println(TextTable.printable("  " + entry.getKey() + ": " + text));
        });
    }

    /** As it is after its next step, or some time later. */
    private static JsonNode next(AdminApi api, JsonNode work) throws CommandFailedException {
        String id = work.path("id").asText();
        try {
            return api.get("/api/operations/" + AdminApi.part(id) + "?wait=" + WAIT_SECONDS + "&steps="
                    + work.path("steps").size());
        } catch (CommandFailedException e) {
            throw new CommandFailedException("It was begun as operation " + id + ", and this command cannot see how it"
                    + " ends: './crossfade status' shows where everything stands. " + e.getMessage());
        }
    }
}
