package io.crossfade.cli;

import io.crossfade.demo.Demo;
import io.crossfade.demo.DemoFailure;
import io.crossfade.demo.DemoOptions;
import io.crossfade.demo.RunningDemo;
import io.crossfade.demo.TrafficTally;
import io.crossfade.settings.AdminSettings;
import io.crossfade.settings.RestSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs two embedded databases, the proxy and the bot's traffic, to try Crossfade out without any setting. */
@Command(
        name = "demo",
        description = "Two seeded databases, the proxy, the admin page and traffic like a real application's.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ended without an unexpected answer",
            "1:could not start, or a call went wrong",
            "2:wrong usage"
        })
public final class DemoCommand implements Callable<Integer> {
    private static final double MOST_CALLS_PER_SECOND = 1_000;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "REST front door; 0 for any (default: ${DEFAULT-VALUE}).")
    private int port = RestSettings.PORT;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            description = "Admin page; 0 for any (default: ${DEFAULT-VALUE}).")
    private int adminPort = AdminSettings.PORT;

    @Option(names = "--data-dir", paramLabel = "DIR", description = "Keep the databases here; else they are temporary.")
    private @Nullable Path dataDir;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "End after this time, such as 60s or 2m; else with Ctrl+C.")
    private @Nullable Duration duration;

    @Option(names = "--rate", paramLabel = "N", description = "Calls a second (default: ${DEFAULT-VALUE}).")
    private double rate = 5;

    @Option(names = "--no-traffic", description = "Make no calls; you make them.")
    private boolean noTraffic;

    private final AtomicReference<@Nullable RunningDemo> demonstrated = new AtomicReference<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** What was asked for; fails with a usage message where it makes no sense. */
    DemoOptions options() {
        require("--port", port >= 0 && port <= 65_535, "0 to 65535");
        require("--admin-port", adminPort >= 0 && adminPort <= 65_535, "0 to 65535");
        require("--admin-port", adminPort == 0 || adminPort != port, "another port than --port");
        require("--rate", rate > 0 && rate <= MOST_CALLS_PER_SECOND, "more than 0 and at most 1000");
        return new DemoOptions(port, adminPort, dataDir, noTraffic ? 0 : rate);
    }

    private void require(String flag, boolean holds, String expected) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), flag + " must be " + expected);
        }
    }

    @Nullable
    Duration duration() {
        return duration;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Demo demo = new Demo(options());
        // Before the start, so that a stop during it leaves no server behind either.
        Thread hook = new Thread(() -> interrupted(demo), "demo-shutdown");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            out.println("Starting two PostgreSQL servers and the proxy ...");
            out.flush();
            RunningDemo running = demo.start();
            demonstrated.set(running);
            DemoBanner.of(running).forEach(out::println);
            out.flush();
            waitForTheEnd(running);
            boolean equal = summarise();
            TrafficTally traffic = running.tally();
            return equal && (traffic == null || traffic.errors() == 0) ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (DemoFailure failure) {
            spec.commandLine().getErr().println("The demo failed: " + failure.getMessage());
            return ExitCode.SOFTWARE;
        } finally {
            stop(demo);
        }
    }

    private void interrupted(Demo demo) {
        if (demonstrated.get() != null) {
            spec.commandLine().getOut().println();
        }
        boolean unused = summarise();
        stop(demo);
    }

    private void waitForTheEnd(RunningDemo running) throws InterruptedException {
        StatusLine status = StatusLine.show(running.tally(), spec.commandLine().getOut());
        try {
            if (duration == null) {
                new CountDownLatch(1).await();
            } else {
                Thread.sleep(duration.toMillis());
            }
        } finally {
            status.close();
        }
    }

    /**
     * Once, whether the time is up or Ctrl+C came; stopping comes after it, so that calls cut off do not count.
     *
     * @return whether both databases are equal
     */
    private boolean summarise() {
        RunningDemo demo = demonstrated.getAndSet(null);
        if (demo == null) {
            return true;
        }
        PrintWriter out = spec.commandLine().getOut();
        List<String> differences = demo.prove();
        TrafficTally traffic = demo.tally();
        if (traffic != null) {
            TrafficTable.of(traffic).forEach(out::println);
        }
        out.println(
                differences.isEmpty()
                        ? "Both databases are equal: every row of "
                                + demo.sides().tables().size() + " tables was compared."
                        : "The databases DIFFER in " + String.join(", ", differences) + ".");
        out.flush();
        return differences.isEmpty();
    }

    private void stop(Demo demo) {
        try {
            demo.close();
        } catch (DemoFailure failure) {
            spec.commandLine().getErr().println("Stopping the demo: " + failure.getMessage());
        }
    }
}
