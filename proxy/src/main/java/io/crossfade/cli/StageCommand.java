package io.crossfade.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.crossfade.migration.Stage;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Moves a repository to another stage. */
@Command(
        name = "stage",
        description = "Moves a repository, and all others of its group, to another stage.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:moved, or there already",
            "1:refused, somebody else was faster, or no proxy answered",
            "2:wrong usage"
        },
        footer = {
            "",
            "Forward a group goes one stage at a time, and past gates that 'status' shows;",
            "backward it goes any number of stages at once. Only 'cutover' and 'rollback'",
            "move the writes.",
            "",
            "Examples:",
            "  ./crossfade stage clients shadow",
            "  ./crossfade stage clients off --epoch 7",
            "  ./crossfade stage clients rollout --override --reason \"compared by hand\""
        })
final class StageCommand extends MoveCommand {
    @Parameters(
            index = "1",
            paramLabel = "STAGE",
            completionCandidates = Stages.class,
            description = "One of ${COMPLETION-CANDIDATES}.")
    private String stage = "";

    StageCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    ObjectNode change() {
        if (Stage.byLabel(stage).isEmpty()) {
            throw wrong("There is no stage '" + stage + "'; the stages are "
                    + Arrays.stream(Stage.values()).map(Stage::label).collect(Collectors.joining(", ")));
        }
        return JsonNodeFactory.instance.objectNode().put("stage", stage);
    }

    /** For the help and for the shell. */
    static final class Stages implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(Stage.values()).map(Stage::label).iterator();
        }
    }
}
