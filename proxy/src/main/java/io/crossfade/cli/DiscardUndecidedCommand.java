package io.crossfade.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import picocli.CommandLine.Command;

/** Gives up what a forced rollback left behind. */
@Command(
        name = "discard",
        description = "Gives up what was left behind: the authority's rows are brought to the side that had it.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:discarded", "1:not all, or no such row, or no answer", "2:wrong usage"},
        footer = {
            "",
            "What was written there is lost then.",
            "",
            "Examples:",
            "  ./crossfade reconciliation discard target-17",
            "  ./crossfade reconciliation discard --repository clients --reason \"entered anew\""
        })
final class DiscardUndecidedCommand extends DecideUndecidedCommand {
    DiscardUndecidedCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    String word() {
        return "discard";
    }

    @Override
    String done() {
        return "discarded";
    }

    @Override
    void describe(ObjectNode body) {}
}
