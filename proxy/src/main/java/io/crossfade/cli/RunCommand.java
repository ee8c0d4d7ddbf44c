package io.crossfade.cli;

import io.crossfade.Crossfade;
import io.crossfade.settings.InvalidSettingsException;
import io.crossfade.settings.LoadedSettings;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SettingsLoader;
import io.crossfade.settings.SideSettings;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the proxy until it is told to stop. */
@Command(
        name = "run",
        description = "Runs the proxy until Ctrl+C or SIGTERM.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:stopped, or the configuration is valid", "1:could not start", "2:wrong configuration"},
        footer = {
            "",
            "Without a file the environment is enough:",
            "  CROSSFADE_LEGACY_URL=postgres://user:password@host/db ./crossfade run",
            "Every key is explained in config/crossfade.example.yaml.",
            "",
            "USE_LEGACY_SUPABASE=true or USE_REPOSITORY_PATTERN=false takes everything back",
            "to legacy at start, as far as that loses nothing. Neither ever leads forward."
        })
final class RunCommand implements Callable<Integer> {
    private static final int START_SECONDS = 60;

    private final Map<String, String> environment;

    @Option(names = "--config", paramLabel = "FILE", description = "The YAML file; the environment overrides it.")
    private @Nullable Path config;

    @Option(names = "--check", description = "Only check the configuration and print what it comes to.")
    private boolean check;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    RunCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws InvalidSettingsException, CommandFailedException, InterruptedException {
        LoadedSettings loaded = SettingsLoader.load(config, environment, false);
        if (check) {
            print("@|bold The configuration is valid.|@");
            Summary.of(loaded).forEach(out()::println);
            out().flush();
            return ExitCode.OK;
        }
        Vertx vertx = Vertx.vertx();
        Crossfade crossfade = start(vertx, loaded.settings());
        announce(vertx, crossfade, loaded);
        loaded.backToLegacy().ifPresent(setting -> BackToLegacy.begin(crossfade, setting, this::tell));
        Shutdown.await(vertx, crossfade, spec.commandLine().getErr());
        return ExitCode.OK;
    }

    private static Crossfade start(Vertx vertx, Settings settings) throws CommandFailedException {
        try {
            return Crossfade.start(vertx, settings, false).await(START_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            vertx.close().await();
            throw new CommandFailedException("Crossfade did not start within " + START_SECONDS + " s.");
        } catch (Exception e) {
            vertx.close().await();
            throw StartFailure.of(
                    e, settings, "rest.port or CROSSFADE_REST_PORT", "admin.port or CROSSFADE_ADMIN_PORT");
        }
    }

    private void announce(Vertx vertx, Crossfade crossfade, LoadedSettings loaded) {
        Settings settings = loaded.settings();
        print("@|bold,green Crossfade " + Version.number() + " is running.|@");
        line("REST", Summary.url(settings.rest().host(), crossfade.restPort(), "/rest/v1"));
        line("Admin", Summary.url(settings.admin().host(), crossfade.adminPort(), "/"));
        if (loaded.adminTokenMadeUp()) {
            line("Token", settings.admin().token() + "  (for this start; set CROSSFADE_ADMIN_TOKEN to choose one)");
        }
        announceSide(vertx, "legacy", settings.legacy());
        if (settings.target() != null) {
            announceSide(vertx, "target", settings.target());
        }
        print("Ctrl+C stops it.");
    }

    private void announceSide(Vertx vertx, String name, SideSettings side) {
        line(name, side.address() + " " + SideProbe.ask(vertx, side).await());
    }

    private void tell(String sentence) {
        out().println(TextTable.printable(sentence));
        out().flush();
    }

    private void line(String name, String text) {
        out().println(Summary.line(name, text));
        out().flush();
    }

    private void print(String markup) {
        out().println(spec.commandLine().getColorScheme().ansi().string(markup));
        out().flush();
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
