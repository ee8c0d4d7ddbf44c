package io.crossfade.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Cutover and rollback, to see how long writes are held. */
@Command(
        name = "rehearse",
        description =
                "Moves the writes of groups in stage rollout to the target and back, under whatever load there is, and"
                        + " says how long writes were held. The groups end where they began.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:there and back", "1:refused, or it failed; or no proxy answered", "2:wrong usage"},
        footer = {"", "Example:", "  ./crossfade rehearse bookings"})
final class RehearseCommand extends OperationCommand {
    @Option(
            names = "--override",
            description = "Go on although a gate is red; needs --reason, which is kept with the names of the gates.")
    private boolean override;

    RehearseCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    String path() {
        return "/api/rehearse";
    }

    @Override
    void describe(ObjectNode body) {
        if (override) {
            if (reason() == null || reason().isBlank()) {
                throw wrong("--override needs a --reason, which is kept with the change");
            }
            body.put("override", true);
        }
    }

    @Override
    void confirm(List<String> repositories) {}
}
