package io.crossfade.cli;

import io.crossfade.migration.Side;
import io.crossfade.shadow.install.Installation;
import io.crossfade.shadow.install.Plan;
import io.vertx.core.Future;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes capture out of both databases. */
@Command(
        name = "uninstall",
        description = "Takes out of both databases what 'install' put there, without a trace.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:taken out, or nothing was there",
            "1:refused, or failed: nothing was changed on that side",
            "2:wrong usage or configuration"
        },
        footer = {
            "",
            "It is refused while a group stands between 'off' and 'complete'.",
            "Journal entries that no proxy has replayed are thrown away. Foreign keys and",
            "triggers of the application get back the state that they had."
        })
final class UninstallCommand extends SchemaCommand {
    @Option(
            names = "--force",
            description = "Also where groups are shadowed or live. Nothing keeps their sides together any more.")
    private boolean force;

    UninstallCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    Future<Map<Side, Plan>> look(Installation installation) {
        return installation.planRemoval(force);
    }

    @Override
    Future<Map<Side, Plan>> act(Installation installation) {
        return installation.remove(force);
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
