package io.crossfade.cli;

import io.crossfade.migration.Side;
import io.crossfade.shadow.install.Installation;
import io.crossfade.shadow.install.Plan;
import io.vertx.core.Future;
import java.util.Map;
import picocli.CommandLine.Command;

/** Puts capture into both databases. */
@Command(
        name = "install",
        description = "Puts the schema crossfade and the capture triggers into both databases.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:installed, or there already",
            "1:refused or failed: nothing was changed on that side",
            "2:wrong usage or configuration"
        },
        footer = {
            "",
            "Needs the rights of the tables' owner, no superuser, and a connection that is",
            "a session (no transaction pooler). From then on the keys of all rows that",
            "change are written into crossfade.journal, in the transaction that changes",
            "them. Entries are kept until a proxy replays them; the journal grows until",
            "one does. 'crossfade uninstall' takes everything out again."
        })
final class InstallCommand extends SchemaCommand {
    InstallCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    Future<Map<Side, Plan>> look(Installation installation) {
        return installation.plan();
    }

    @Override
    Future<Map<Side, Plan>> act(Installation installation) {
        return installation.apply();
    }

    @Override
    String done() {
        return "installed";
    }

    @Override
    String nothingToDo(Plan plan) {
        return "already installed";
    }
}
