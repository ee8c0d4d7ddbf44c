package io.crossfade.cli;

import io.crossfade.migration.Side;
import io.crossfade.shadow.install.Installation;
import io.crossfade.shadow.install.Plan;
import io.vertx.core.Future;
import java.util.Map;
import picocli.CommandLine.Command;

/** Takes capture out of both databases. */
@Command(
        name = "uninstall",
        description = "Takes out of both databases what 'install' put there, without a trace.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:taken out, or nothing was there",
            "1:failed: nothing was changed on that side",
            "2:wrong usage or configuration"
        },
        footer = {
            "",
            "Journal entries that no proxy has replayed are thrown away. Foreign keys and",
            "triggers of the application get back the state that they had."
        })
final class UninstallCommand extends SchemaCommand {
    UninstallCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    Future<Map<Side, Plan>> look(Installation installation) {
        return installation.planRemoval();
    }

    @Override
    Future<Map<Side, Plan>> act(Installation installation) {
        return installation.remove();
    }

    @Override
    String done() {
        return "taken out";
    }

    @Override
    String nothingToDo(Plan plan) {
        return "nothing to take out";
    }
}
