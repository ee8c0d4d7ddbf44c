package io.crossfade.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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
            "  ./crossfade rollback --to off         and stop shadowing, too",
            "  ./crossfade rollback --force --reason \"target is down\"",
            "",
            "--force gives the writes to legacy although the target does not answer. What",
            "legacy lacks stays behind; the report says how much that may be, and",
            "'reconciliation' lists it when the target is back. While the target answers,",
            "it is refused."
        })
final class RollbackCommand extends OperationCommand {
    @Option(names = "--to", paramLabel = "STAGE", description = "shadow, dual-write or off (default: shadow).")
    private @Nullable String to;

    @Option(names = "--force", description = "Although the target does not answer; needs --reason. May lose writes.")
    private boolean force;

    RollbackCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    String path() {
        return "/api/rollback";
    }

    @Override
    void describe(ObjectNode body) {
        if (to != null) {
            body.put("to", to);
        }
        if (force) {
            if (to != null) {
                throw wrong("With --force the groups end in stage shadow: leave out --to");
            }
            if (reason() == null || reason().isBlank()) {
                throw wrong("--force may lose writes, so it needs a --reason, which is kept");
            }
            body.put("force", true);
        }
    }

    @Override
    void confirm(List<String> repositories) {}
}
