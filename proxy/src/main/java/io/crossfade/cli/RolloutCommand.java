package io.crossfade.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Sets the share of reads that the target answers. */
@Command(
        name = "rollout",
        description = "Has the target answer that share of a repository's reads, in stage rollout.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:set", "1:refused, somebody else was faster, or no proxy answered", "2:wrong usage"},
        footer = {
            "",
            "Moves the repository, and all others of its group, to stage rollout where they",
            "are not there yet. The share holds for all reads alike.",
            "",
            "Examples:",
            "  ./crossfade rollout clients 12.5",
            "  ./crossfade rollout clients 0%%"
        })
final class RolloutCommand extends MoveCommand {
    @Parameters(index = "1", paramLabel = "PERCENT", description = "From 0 to 100, with at most two decimals.")
    private String percent = "";

    RolloutCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    ObjectNode change() {
        String number = percent.endsWith("%") ? percent.substring(0, percent.length() - 1) : percent;
        if (!number.matches("[0-9]{1,3}(\\.[0-9]{1,2})?") || new BigDecimal(number).intValue() > 100) {
            throw wrong("'" + percent + "' is no share from 0 to 100 with at most two decimals");
        }
        return JsonNodeFactory.instance.objectNode().put("stage", "rollout").put("rollout", new BigDecimal(number));
    }
}
