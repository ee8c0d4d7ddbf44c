package io.crossfade.cli;

import io.crossfade.settings.AdminToken;
import io.crossfade.settings.OperatorSettings.Role;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Makes a token for an operator; it is shown once and kept nowhere. */
@Command(
        name = "token",
        description = "Prints a new token for an operator, and the lines that let its owner in.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "The configuration holds the hash alone: whoever reads it cannot use it. The",
            "token itself is shown once; give it to the operator, and to nobody else.",
            "",
            "Example:",
            "  ./crossfade token --name anna --role viewer"
        })
final class TokenCommand implements Runnable {
    @Option(
            names = "--name",
            paramLabel = "NAME",
            defaultValue = "anna",
            description = "Under which changes are kept (default: ${DEFAULT-VALUE}).")
    private String name = "";

    @Option(
            names = "--role",
            paramLabel = "ROLE",
            defaultValue = "operator",
            converter = RoleConverter.class,
            description = "viewer, who may only look, or operator (default: ${DEFAULT-VALUE}).")
    private Role role = Role.OPERATOR;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        String token = AdminToken.fresh();
        PrintWriter out = spec.commandLine().getOut();
        out.println("Token, shown this once:");
        out.println();
        out.println("  " + token);
        out.println();
        out.println("Into the configuration, then restart every proxy:");
        out.println();
        out.println("  admin:");
        out.println("    operators:");
        out.println("      - name: \"" + TextTable.printable(name).replaceAll("[\"\\\\]", "?") + "\"");
        out.println("        role: " + role.label());
        out.println("        tokenHash: " + AdminToken.hash(token));
        out.flush();
    }
}
