package io.crossfade.cli;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What an operator can do about the rows that a forced rollback left behind. */
@Command(
        name = "reconciliation",
        description = "Lists the rows that a forced rollback left behind, applies them, or discards them.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(list | apply | discard)",
        footer = {
            "",
            "While a row waits for a decision, the two sides differ in it, and no gate lets",
            "its group go forward.",
            "",
            "Examples:",
            "  ./crossfade reconciliation list --repository clients",
            "  ./crossfade reconciliation apply --all --reason \"looked at each\"",
            "  ./crossfade reconciliation discard target-17"
        })
final class ReconciliationCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private ReconciliationCommand() {}

    static CommandLine of(Map<String, String> environment) {
        return new CommandLine(new ReconciliationCommand())
                .addSubcommand(new ListUndecidedCommand(environment))
                .addSubcommand(new ApplyUndecidedCommand(environment))
                .addSubcommand(new DiscardUndecidedCommand(environment));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do with them: list, apply or discard");
    }
}
