package io.crossfade.cli;

import io.crossfade.migration.Side;
import io.crossfade.settings.InvalidSettingsException;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SettingsLoader;
import io.crossfade.shadow.install.InstallFailure;
import io.crossfade.shadow.install.Installation;
import io.crossfade.shadow.install.Plan;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A command that changes what Crossfade keeps in both databases. */
abstract class SchemaCommand implements Callable<Integer> {
    private final Map<String, String> environment;

    @Option(names = "--config", paramLabel = "FILE", description = "The YAML file; the environment overrides it.")
    private @Nullable Path config;

    @Option(names = "--dry-run", description = "Only print the SQL, as scripts that psql can run.")
    private boolean dryRun;

    @Option(
            names = "--repository",
            paramLabel = "NAME",
            description = "Only this table; can be given several times (default: all of the exposed schemas).")
    private List<String> repositories = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    SchemaCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    /** What would be done. */
    abstract Future<Map<Side, Plan>> look(Installation installation);

    /** Does it. */
    abstract Future<Map<Side, Plan>> act(Installation installation);

    /** What was done to a table. */
    abstract String done();

    /** What to say where there is nothing to do. */
    abstract String nothingToDo(Plan plan);

    @Override
    public Integer call() throws InvalidSettingsException, CommandFailedException {
        Settings settings = SettingsLoader.load(config, environment, false).settings();
        Vertx vertx = Vertx.vertx();
        try {
            return report(run(vertx, settings).await());
        } catch (InstallFailure failure) {
            throw new CommandFailedException(String.valueOf(failure.getMessage()));
        } finally {
            vertx.close().await();
        }
    }

    private Future<Map<Side, Plan>> run(Vertx vertx, Settings settings) {
        return Installation.open(vertx, settings, repositories)
                .compose(installation ->
                        (dryRun ? look(installation) : act(installation)).eventually(installation::close));
    }

    private int report(Map<Side, Plan> plans) {
        PrintWriter err = spec.commandLine().getErr();
        List<String> refusals = new ArrayList<>();
        plans.forEach(
                (side, plan) -> plan.refusals().forEach(refusal -> refusals.add("  " + side.label() + ": " + refusal)));
        if (!refusals.isEmpty()) {
            err.println("Nothing was changed, because of "
                    + (refusals.size() == 1 ? "a problem" : refusals.size() + " problems") + ":");
            refusals.forEach(err::println);
            err.flush();
            return ExitCode.SOFTWARE;
        }
        plans.forEach(dryRun ? this::print : this::sum);
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    private void print(Side side, Plan plan) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("-- " + side.label() + (plan.statements().isEmpty() ? ": " + nothingToDo(plan) : ""));
        plan.notes().forEach(note -> out.println("-- note: " + note));
        if (!plan.statements().isEmpty()) {
            out.println("BEGIN;");
            plan.statements()
                    .forEach(statement ->
                            out.println(statement.strip() + (statement.strip().endsWith(";") ? "" : ";")));
            out.println("COMMIT;");
        }
    }

    private void sum(Side side, Plan plan) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Summary.line(side.label(), plan.statements().isEmpty() ? nothingToDo(plan) : count(plan)));
        plan.tables().forEach(table -> out.println("          " + table + "  " + done()));
        plan.unchanged().forEach(table -> out.println("          " + table + "  " + nothingToDo(plan)));
        plan.notes().forEach(note -> out.println("          note: " + note));
    }

    private String count(Plan plan) {
        int tables = plan.tables().size();
        return (tables == 1 ? "one table" : tables + " tables") + " " + done();
    }
}
