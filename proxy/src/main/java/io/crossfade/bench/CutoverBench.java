package io.crossfade.bench;

import io.crossfade.Crossfade;
import io.crossfade.cutover.Begun;
import io.crossfade.cutover.Begun.Refused;
import io.crossfade.cutover.Begun.Started;
import io.crossfade.cutover.Cutovers;
import io.crossfade.demo.DemoFailure;
import io.crossfade.demo.DemoSettings;
import io.crossfade.demo.EmbeddedServer;
import io.crossfade.demo.Latencies;
import io.crossfade.demo.OpenParts;
import io.crossfade.demo.ScratchDirectory;
import io.crossfade.rollout.By;
import io.crossfade.settings.Settings;
import io.crossfade.shadow.install.Installation;
import io.crossfade.work.Work;
import io.crossfade.work.WorkState;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long writes are held while the authority of a group moves to the target and back, under a load that goes on:
 * two embedded databases with the demo's rows, durable commits, one proxy.
 *
 * <p>Threading: {@link #run} and {@link #close} block; a close that comes during the run waits for the start of parts.
 */
public final class CutoverBench implements AutoCloseable {
    private static final String REPOSITORY = "whatsapp_keys";
    private static final int CONNECTIONS = 64;
    private static final int WARM_UP_ROUNDS = 3;
    private static final long ROUND_SECONDS = 60;

    private final int rounds;
    private final int perSecond;
    private final OpenParts parts = new OpenParts();
    private volatile @Nullable Throwable firstFailure;

    /** So many times there and back, under so many writes a second. */
    public CutoverBench(int rounds, int perSecond) {
        this.rounds = rounds;
        this.perSecond = perSecond;
    }

    /**
     * Starts what it needs, and measures.
     *
     * @param progress told of every round that is done
     */
    public HoldTimes run(IntConsumer progress) {
        Rig rig = parts.open(this::start);
        PacedLoad load = new PacedLoad(rig.vertx(), rig.proxy(), BenchCase.UPSERT_ONE, perSecond, CONNECTIONS);
        BlockingQueue<Work> ended = new LinkedBlockingQueue<>();
        rig.crossfade().works().onStep(work -> {
            if (work.state() != WorkState.RUNNING) {
                ended.add(work);
            }
        });
        Latencies cutover = new Latencies();
        Latencies rollback = new Latencies();
        Map<String, Latencies> steps = new LinkedHashMap<>();
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            Work work = rehearsal(rig.crossfade(), ended);
            if (round >= 0) {
                cutover.record(nanos(work, "cutoverHoldMillis"));
                rollback.record(nanos(work, "rollbackHoldMillis"));
                work.steps()
                        .forEach(step -> steps.computeIfAbsent(step.name(), name -> new Latencies())
                                .record(TimeUnit.MICROSECONDS.toNanos(step.micros())));
                progress.accept(round + 1);
            }
        }
        OpenParts.await("calls were not answered", load.stop());
        firstFailure = load.firstFailure();
        return new HoldTimes(rounds, cutover, rollback, steps, load.latencies(), load.perSecond(), load.leftOut());
    }

    /** Why a call failed first; null where none did. */
    public @Nullable Throwable firstFailure() {
        return firstFailure;
    }

    private static Work rehearsal(Crossfade crossfade, BlockingQueue<Work> ended) {
        Cutovers cutovers = crossfade.cutovers().orElseThrow();
        Begun begun = OpenParts.await(
                "the rehearsal did not begin",
                cutovers.rehearse(
                        Set.of(REPOSITORY), OptionalLong.empty(), new By("bench", "a measurement has no gates", true)));
        if (!(begun instanceof Started)) {
            throw new DemoFailure(begun instanceof Refused refused ? refused.reason() : "the rehearsal did not begin");
        }
        Work work = next(ended);
        if (work == null || work.state() != WorkState.DONE) {
            throw new DemoFailure(work == null ? "the rehearsal did not end" : String.valueOf(work.outcome()));
        }
        return work;
    }

    private static @Nullable Work next(BlockingQueue<Work> ended) {
        try {
            return ended.poll(ROUND_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private static long nanos(Work work, String what) {
        for (var entry : work.report().entrySet()) {
            if (entry.getKey().endsWith(what) && entry.getValue() instanceof Double millis) {
                return (long) (millis * 1_000_000);
            }
        }
        throw new IllegalStateException("no " + what + " in " + work.report());
    }

    private Rig start() {
        ScratchDirectory scratch = ScratchDirectory.create();
        parts.closeWith(scratch::close);
        EmbeddedServer legacy = EmbeddedServer.loaded("legacy", scratch.path(), true);
        parts.closeWith(legacy::close);
        EmbeddedServer target = EmbeddedServer.loaded("target", scratch.path(), true);
        parts.closeWith(target::close);
        Settings settings = DemoSettings.of(legacy, target, REPOSITORY);
        Vertx vertx = Vertx.vertx();
        parts.closeWith("Vert.x did not stop", () -> vertx.close());
        var unused = OpenParts.await(
                "capture could not be installed",
                Installation.open(vertx, settings, List.of())
                        .compose(installation -> installation.apply().eventually(installation::close)));
        Crossfade crossfade = OpenParts.await("the proxy did not start", Crossfade.start(vertx, settings, true));
        parts.closeWith("the proxy did not stop", () -> crossfade.close());
        Vertx callers = Vertx.vertx();
        parts.closeWith("Vert.x did not stop", () -> callers.close());
        ThroughProxy proxy = new ThroughProxy(
                callers, crossfade.restPort(), settings.rest().serviceKeys().get(0), CONNECTIONS);
        parts.closeWith("the load did not stop", () -> proxy.close());
        return new Rig(callers, crossfade, proxy);
    }

    /** Stops everything in the reverse order of its start. */
    @Override
    public void close() {
        parts.close();
    }

    private record Rig(Vertx vertx, Crossfade crossfade, ThroughProxy proxy) {}
}
