package io.crossfade.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Moves groups back; asks nothing, because whoever needs it needs it now. */
@Command(
        name = "rollback",
        description =
                "Moves groups back to legacy: reads at once, and writes within moments, with nothing lost. It asks"
                        + " nothing.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:rolled back", "1:not, or not all; or no proxy answered", "2:wrong usage"},
        footer = {
            "",
            "Examples:",
            "  ./crossfade rollback                  everything",
            "  ./crossfade rollback bookings         the group of bookings",
            "  ./crossfade rollback --to off         and stop shadowing, too"
        })
final class RollbackCommand extends OperationCommand {
    @Option(
            names = "--to",
            paramLabel = "STAGE",
            description = "shadow, dual-write or off (default: ${DEFAULT-VALUE}).")
    private String to = "shadow";

    RollbackCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    String path() {
        return "/api/rollback";
    }

    @Override
    void describe(ObjectNode body) {
        body.put("to", to);
    }

    @Override
    void confirm(List<String> repositories) {}
}
