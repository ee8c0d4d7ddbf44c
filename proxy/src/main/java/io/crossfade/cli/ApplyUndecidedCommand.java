package io.crossfade.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the authority's rows what a forced rollback left behind. */
@Command(
        name = "apply",
        description = "Makes rows of the authority what was left behind; replay then brings them to both sides.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:applied", "1:not all, or no such row, or no answer", "2:wrong usage"},
        footer = {
            "",
            "A row that was changed on the authority since stays on the list, unless",
            "--overwrite.",
            "",
            "Examples:",
            "  ./crossfade reconciliation apply target-17",
            "  ./crossfade reconciliation apply --repository clients --overwrite"
        })
final class ApplyUndecidedCommand extends DecideUndecidedCommand {
    @Option(names = "--overwrite", description = "Also where the row was changed on the authority since.")
    private boolean overwrite;

    ApplyUndecidedCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    String word() {
        return "apply";
    }

    @Override
    String done() {
        return "applied";
    }

    @Override
    void describe(ObjectNode body) {
        if (overwrite) {
            body.put("overwrite", true);
        }
    }
}
