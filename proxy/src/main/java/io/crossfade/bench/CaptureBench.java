package io.crossfade.bench;

import io.crossfade.Crossfade;
import io.crossfade.demo.DemoSettings;
import io.crossfade.demo.EmbeddedServer;
import io.crossfade.demo.OpenParts;
import io.crossfade.demo.ScratchDirectory;
import io.crossfade.settings.Settings;
import io.crossfade.shadow.install.Installation;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Measures what capture costs an upsert: two embedded databases of the demo's rows, one of them with capture, take
 * turns; first with durable commits, then without; straight and through a proxy before each.
 *
 * <p>Threading: {@link #run} and {@link #close} block; a close that comes during the run waits for the start of parts.
 */
public final class CaptureBench implements AutoCloseable {
    /** Many and short, so that a change in the machine's mood meets both databases. */
    private static final int ROUNDS = 11;

    private static final long GRACE_SECONDS = 30;
    private static final List<BenchCase> CASES = List.of(BenchCase.UPSERT_ONE, BenchCase.UPSERT_FIVE_HUNDRED);

    private final Duration perRound;
    private final OpenParts parts = new OpenParts();
    private volatile @Nullable Throwable firstFailure;

    /** A measurement that takes this long for each way in each case, all rounds of one database together. */
    public CaptureBench(Duration perCase) {
        this.perRound = perCase.dividedBy(ROUNDS);
    }

    /** Starts what it needs, and measures every way and case with one caller. */
    public List<CaptureCost> run() throws TimeoutException {
        Rig rig = parts.open(this::start);
        List<CaptureCost> costs = new ArrayList<>();
        for (boolean durable : List.of(true, false)) {
            Pair pair = durable ? rig.durable() : rig.fast();
            for (boolean proxied : List.of(false, true)) {
                for (BenchCase measured : CASES) {
                    costs.add(compare(rig.vertx(), pair, durable, proxied, measured));
                }
            }
        }
        return costs;
    }

    /** Why a call failed first; null where none did. */
    public @Nullable Throwable firstFailure() {
        return firstFailure;
    }

    private CaptureCost compare(Vertx vertx, Pair pair, boolean durable, boolean proxied, BenchCase measured)
            throws TimeoutException {
        CaptureCost cost = new CaptureCost(durable, proxied, measured);
        Contender plain = pair.plain().way(proxied);
        Contender captured = pair.captured().way(proxied);
        for (int round = 0; round <= ROUNDS; round++) {
            boolean plainFirst = round % 2 == 0;
            LoadRound.Result first = round(vertx, plainFirst ? plain : captured, measured);
            LoadRound.Result second = round(vertx, plainFirst ? captured : plain, measured);
            // The first one fills caches and lets the compiler work.
            if (round > 0) {
                cost.add(plainFirst ? first : second, plainFirst ? second : first);
            }
        }
        return cost;
    }

    private LoadRound.Result round(Vertx vertx, Contender contender, BenchCase measured) throws TimeoutException {
        LoadRound.Result result = new LoadRound(vertx, contender, measured)
                .run(1, perRound)
                .await(perRound.toSeconds() + GRACE_SECONDS, TimeUnit.SECONDS);
        if (firstFailure == null) {
            firstFailure = result.firstFailure();
        }
        return result;
    }

    private Rig start() {
        ScratchDirectory scratch = ScratchDirectory.create();
        parts.closeWith(scratch::close);
        Vertx vertx = Vertx.vertx();
        parts.closeWith("Vert.x did not stop", () -> vertx.close());
        return new Rig(vertx, pair(vertx, scratch.path(), true), pair(vertx, scratch.path(), false));
    }

    private Pair pair(Vertx vertx, Path root, boolean durable) {
        String kind = durable ? "durable" : "fast";
        return new Pair(
                database(vertx, kind + "-plain", root, durable, false),
                database(vertx, kind + "-captured", root, durable, true));
    }

    private Ways database(Vertx vertx, String name, Path root, boolean durable, boolean captured) {
        EmbeddedServer server = EmbeddedServer.loaded(name, root, durable);
        parts.closeWith(server::close);
        Settings settings = DemoSettings.of(server);
        if (captured) {
            var unused = OpenParts.await(
                    "capture could not be installed",
                    Installation.open(vertx, settings, List.of())
                            .compose(installation -> installation.apply().eventually(installation::close)));
        }
        Crossfade crossfade = OpenParts.await("the proxy did not start", Crossfade.start(vertx, settings, false));
        parts.closeWith("the proxy did not stop", () -> crossfade.close());
        StraightToPostgres straight = new StraightToPostgres(vertx, server.connection(), 1);
        ThroughProxy proxied = new ThroughProxy(
                vertx, crossfade.restPort(), settings.rest().serviceKeys().get(0), 1);
        parts.closeWith("the load did not stop", () -> Future.join(straight.close(), proxied.close()));
        return new Ways(straight, proxied);
    }

    /** Stops everything in the reverse order of its start. */
    @Override
    public void close() {
        parts.close();
    }

    private record Rig(Vertx vertx, Pair durable, Pair fast) {}

    private record Pair(Ways plain, Ways captured) {}

    private record Ways(Contender straight, Contender proxy) {
        Contender way(boolean proxied) {
            return proxied ? proxy : straight;
        }
    }
}
