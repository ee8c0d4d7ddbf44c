package io.crossfade.cli;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The {@code crossfade} command; everything it does is a command word of its own. */
@Command(
        name = "crossfade",
        description = "Moves a running application from one PostgreSQL database to another.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage or wrong configuration"},
        footer = {"", "'crossfade help COMMAND' explains one command."})
public final class Main {
    private Main() {}

    /** Runs one command and ends the process with its exit code. */
    public static void main(String... arguments) {
        System.exit(commandLine(System.getenv()).execute(arguments));
    }

    /**
     * All commands, ready to execute one; colours appear only on a terminal.
     *
     * @param environment the variables that stand for configuration keys
     */
    public static CommandLine commandLine(Map<String, String> environment) {
        return new CommandLine(new Main())
                .addSubcommand(new DemoCommand())
                .addSubcommand(new BenchCommand())
                .addSubcommand(new RunCommand(environment))
                .addSubcommand(new InstallCommand(environment))
                .addSubcommand(new UninstallCommand(environment))
                .addSubcommand(new StatusCommand(environment))
                .addSubcommand(new StageCommand(environment))
                .addSubcommand(new RolloutCommand(environment))
                .addSubcommand(new CutoverCommand(environment))
                .addSubcommand(new RollbackCommand(environment))
                .addSubcommand(new RehearseCommand(environment))
                .addSubcommand(new PinCommand(environment))
                .addSubcommand(ReconciliationCommand.of(environment))
                .addSubcommand(DeadLettersCommand.of(environment))
                .addSubcommand(ListMismatchesCommand.of(environment))
                .addSubcommand(new AuditCommand(environment))
                .addSubcommand(new TokenCommand())
                .addSubcommand(new CompletionCommand())
                .addSubcommand(new HelpCommand())
                .setExecutionExceptionHandler(new FailurePrinter());
    }
}
