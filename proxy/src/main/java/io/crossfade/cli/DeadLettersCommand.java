package io.crossfade.cli;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What an operator can do about rows that a side would not take. */
@Command(
        name = "dead-letters",
        description = "Lists the rows that the target would not take, tries them again, or gives them up.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "(list | retry | discard)",
        footer = {
            "",
            "Each row is tried again by itself, with pauses that grow to five minutes.",
            "",
            "Examples:",
            "  ./crossfade dead-letters list --repository clients",
            "  ./crossfade dead-letters retry --all",
            "  ./crossfade dead-letters discard target-17"
        })
final class DeadLettersCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private DeadLettersCommand() {}

    static CommandLine of(Map<String, String> environment) {
        return new CommandLine(new DeadLettersCommand())
                .addSubcommand(new ListLettersCommand(environment))
                .addSubcommand(new RetryLettersCommand(environment))
                .addSubcommand(new DiscardLettersCommand(environment));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do with them: list, retry or discard");
    }
}
