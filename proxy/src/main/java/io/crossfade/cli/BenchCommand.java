package io.crossfade.cli;

import io.crossfade.bench.Bench;
import io.crossfade.bench.BenchOptions;
import io.crossfade.bench.BenchRig;
import io.crossfade.bench.CaptureBench;
import io.crossfade.bench.CaptureCost;
import io.crossfade.bench.Comparison;
import io.crossfade.bench.CutoverBench;
import io.crossfade.bench.HoldTimes;
import io.crossfade.demo.DemoFailure;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures calls through the proxy against the same calls straight to the database. */
@Command(
        name = "bench",
        description = "Measures what the proxy or capture costs, against embedded databases of its own.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:measured", "1:could not measure, or a call failed", "2:wrong usage"})
public final class BenchCommand implements Callable<Integer> {
    private static final int MOST_CALLERS = 64;

    @Option(
            names = "--connections",
            paramLabel = "N",
            split = ",",
            description = "Callers at once, one connection each (default: ${DEFAULT-VALUE}); not with --capture.")
    private List<Integer> connections = List.of(1, 16);

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "For each way in each case, all rounds together (default: ${DEFAULT-VALUE}).")
    private double seconds = 2;

    @Option(names = "--json", description = "Print JSON instead of a table.")
    private boolean json;

    @Option(
            names = "--capture",
            description = "Measure what capture costs an upsert instead: with and without it, one caller.")
    private boolean capture;

    @Option(
            names = "--cutover",
            description = "Measure instead how long writes are held while they move to the target and back.")
    private boolean cutover;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often there and back, with --cutover (default: ${DEFAULT-VALUE}).")
    private int rounds = 50;

    @Option(
            names = "--writes",
            paramLabel = "N",
            description = "Writes a second meanwhile, with --cutover (default: ${DEFAULT-VALUE}).")
    private int writes = 500;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** What was asked for; fails with a usage message where it makes no sense. */
    BenchOptions options() {
        require(
                "--connections",
                connections.stream().allMatch(callers -> callers > 0 && callers <= MOST_CALLERS),
                "1 to " + MOST_CALLERS);
        if (capture && spec.commandLine().getParseResult().hasMatchedOption("--connections")) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--capture measures one caller, so that waiting for each other does not hide what capture costs;"
                            + " leave --connections out");
        }
        require("--seconds", seconds >= 0.1 && seconds <= 600, "0.1 to 600");
        return new BenchOptions(connections, Duration.ofMillis((long) (seconds * 1_000)));
    }

    private void require(String flag, boolean holds, String expected) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), flag + " must be " + expected);
        }
    }

    @Override
    public Integer call() {
        BenchOptions options = options();
        return cutover ? measureCutover() : capture ? measureCapture(options) : measureProxy(options);
    }

    private int measureCutover() {
        require("--rounds", rounds >= 1 && rounds <= 1_000, "1 to 1000");
        require("--writes", writes >= 1 && writes <= 10_000, "1 to 10000");
        CutoverBench bench = new CutoverBench(rounds, writes);
        AtomicInteger done = new AtomicInteger();
        return measured(bench::close, () -> {
            StatusLine progress = StatusLine.show(
                    () -> "round " + done.get() + " of " + rounds,
                    spec.commandLine().getErr());
            try {
                HoldTimes times = bench.run(done::set);
                progress.close();
                print(json ? HoldReport.json(times) : HoldReport.table(times));
            } finally {
                progress.close();
            }
            return outcome(bench.firstFailure());
        });
    }

    private int measureProxy(BenchOptions options) {
        BenchRig rig = new BenchRig(options);
        return measured(rig::close, () -> {
            Bench bench = rig.start();
            List<Comparison> comparisons = measure(bench);
            print(json ? BenchReport.json(comparisons) : BenchReport.table(comparisons));
            return outcome(bench.firstFailure());
        });
    }

    private int measureCapture(BenchOptions options) {
        CaptureBench bench = new CaptureBench(options.perCase());
        return measured(bench::close, () -> {
            List<CaptureCost> costs = bench.run();
            print(json ? CaptureReport.json(costs) : CaptureReport.table(costs));
            return outcome(bench.firstFailure());
        });
    }

    private void print(List<String> lines) {
        PrintWriter out = spec.commandLine().getOut();
        lines.forEach(out::println);
        out.flush();
    }

    private int measured(Runnable close, Work work) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(close), "bench-shutdown"));
        try {
            return work.run();
        } catch (DemoFailure | TimeoutException failure) {
            spec.commandLine().getErr().println("The measurement failed: " + failure.getMessage());
            return ExitCode.SOFTWARE;
        } finally {
            stop(close);
        }
    }

    /** Measures and prints. */
    private interface Work {
        int run() throws TimeoutException;
    }

    private List<Comparison> measure(Bench bench) throws TimeoutException {
        StatusLine progress = StatusLine.show(
                () -> BenchReport.progress(bench), spec.commandLine().getErr());
        try {
            return bench.run();
        } finally {
            progress.close();
        }
    }

    private int outcome(@Nullable Throwable failure) {
        if (failure == null) {
            return ExitCode.OK;
        }
        spec.commandLine()
                .getErr()
                .println("Calls failed, so the numbers mean little; the first: " + failure.getMessage());
        return ExitCode.SOFTWARE;
    }

    private void stop(Runnable close) {
        try {
            close.run();
        } catch (DemoFailure failure) {
            spec.commandLine().getErr().println("Stopping the measurement: " + failure.getMessage());
        }
    }
}
