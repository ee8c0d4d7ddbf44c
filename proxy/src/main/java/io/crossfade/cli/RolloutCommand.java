package io.crossfade.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
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
            "Moves the repository, and all others of its group, from stage shadow to",
            "rollout, past gates that 'status' shows. The share holds for all reads alike,",
            "and setting one ends a rollout that goes forward by itself.",
            "",
            "Examples:",
            "  ./crossfade rollout clients 12.5",
            "  ./crossfade rollout clients 0%%",
            "  ./crossfade rollout clients --auto"
        })
final class RolloutCommand extends MoveCommand {
    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "PERCENT",
            description = "From 0 to 100, with at most two decimals.")
    private @Nullable String percent;

    @Option(
            names = "--auto",
            description =
                    "Go forward by itself from the present share on, as 'ramp' is configured, while every guardrail"
                            + " has data and is good.")
    private boolean auto;

    RolloutCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    ObjectNode change() {
        if (auto == (percent != null)) {
            throw wrong("Give either a PERCENT or --auto");
        }
        if (percent == null) {
            return JsonNodeFactory.instance.objectNode().put("ramp", true);
        }
        String number = percent.endsWith("%") ? percent.substring(0, percent.length() - 1) : percent;
        if (!number.matches("[0-9]{1,3}(\\.[0-9]{1,2})?") || new BigDecimal(number).intValue() > 100) {
            throw wrong("'" + percent + "' is no share from 0 to 100 with at most two decimals");
        }
        return JsonNodeFactory.instance.objectNode().put("stage", "rollout").put("rollout", new BigDecimal(number));
    }
}
