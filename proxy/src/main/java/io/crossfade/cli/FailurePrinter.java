package io.crossfade.cli;

import io.crossfade.settings.InvalidSettingsException;
import java.io.PrintWriter;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Tells why a command failed. A stack trace appears only for what nobody foresaw: that is a defect, and shows where. */
final class FailurePrinter implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
        if (failure instanceof InvalidSettingsException invalid) {
            int count = invalid.problems().size();
            print(command, "The configuration has " + (count == 1 ? "a problem" : count + " problems") + ":");
            invalid.problems().forEach(problem -> command.getErr().println("  " + problem));
            return ExitCode.USAGE;
        }
        if (failure instanceof CommandFailedException) {
            print(command, StartFailure.reason(failure));
        } else {
            print(command, "Crossfade failed unexpectedly; this is a defect.");
            LoggerFactory.getLogger(FailurePrinter.class).error("Command {} failed", command.getCommandName(), failure);
        }
        return ExitCode.SOFTWARE;
    }

    private static void print(CommandLine command, String message) {
        PrintWriter err = command.getErr();
        err.println(command.getColorScheme().errorText(message));
        err.flush();
    }
}
