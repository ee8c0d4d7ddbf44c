package io.crossfade.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends the reads of one routing key to one side. */
@Command(
        name = "pin",
        description = "Has the reads of one key, such as one phone number, always answered by one side.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:no such pin, or no answer", "2:wrong usage"},
        footer = {
            "",
            "Every proxy follows within a second, and a restart forgets nothing. It works",
            "where reads are shared, in the stages shadow, rollout and live; the shadow",
            "answers only what it is fresh enough for. A pin also holds against the",
            "configuration, and so does its removal.",
            "",
            "Examples:",
            "  ./crossfade pin 79001234567 target",
            "  ./crossfade pin 79001234567 --remove",
            "  ./crossfade pin --list"
        })
final class PinCommand extends AdminCommand {
    @Parameters(index = "0", arity = "0..1", paramLabel = "KEY", description = "As 'stickyBy' makes it of a call.")
    private @Nullable String key;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "SIDE",
            completionCandidates = SideNames.class,
            description = "One of ${COMPLETION-CANDIDATES}.")
    private @Nullable String side;

    @Option(names = "--remove", description = "Let the key go where everybody goes.")
    private boolean remove;

    @Option(names = "--list", description = "Show every key that is pinned.")
    private boolean list;

    PinCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    int ask(AdminApi api) throws CommandFailedException {
        if (list && key == null && !remove) {
            return list(api);
        }
        if (list || key == null || key.isEmpty() || remove == (side != null)) {
            throw wrong("Say KEY and legacy or target, KEY --remove, or --list");
        }
        String path = "/api/pins/" + AdminApi.part(key);
        JsonNode answer = side == null
                ? api.delete(path)
                : api.put(path, JsonNodeFactory.instance.objectNode().put("side", side));
        if (json()) {
            print(answer);
        } else {
            out().println(
                            side == null
                                    ? "It goes where everybody goes."
                                    : TextTable.printable("Its reads go to " + side + ", where that is fresh enough."));
        }
        return ExitCode.OK;
    }

    private int list(AdminApi api) throws CommandFailedException {
        JsonNode answer = api.get("/api/pins");
        if (json()) {
            print(answer);
            return ExitCode.OK;
        }
        if (answer.path("pins").isEmpty()) {
            out().println("No key is pinned.");
            return ExitCode.OK;
        }
        TextTable table = new TextTable("KEY", "SIDE", "BY", "SINCE");
        for (JsonNode pin : answer.path("pins")) {
            table.add(
                    pin.path("key").isNull()
                            ? "(for operators)"
                            : pin.path("key").asText(),
                    pin.path("side").asText(),
                    pin.path("configured").asBoolean()
                            ? "configuration"
                            : pin.path("changedBy").asText(),
                    pin.path("configured").asBoolean()
                            ? "start"
                            : pin.path("changedAt").asText().replaceAll("\\.[0-9]+Z$", "Z"));
        }
        table.lines().forEach(out()::println);
        return ExitCode.OK;
    }

    /** For the help and for the shell. */
    static final class SideNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of("legacy", "target").iterator();
        }
    }
}
