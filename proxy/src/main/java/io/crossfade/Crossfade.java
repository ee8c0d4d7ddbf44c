package io.crossfade;

import io.crossfade.admin.AdminFrontDoor;
import io.crossfade.admin.AdminParts;
import io.crossfade.agreement.Agreement;
import io.crossfade.audit.AuditLog;
import io.crossfade.catalog.Catalogs;
import io.crossfade.comparison.Comparer;
import io.crossfade.comparison.Mismatch;
import io.crossfade.comparison.MismatchKind;
import io.crossfade.cutover.AtRisk;
import io.crossfade.cutover.Cutovers;
import io.crossfade.cutover.Reconciliation;
import io.crossfade.cutover.SmokeTests;
import io.crossfade.execution.CallServer;
import io.crossfade.execution.Executor;
import io.crossfade.execution.Holds;
import io.crossfade.execution.fresh.Freshness;
import io.crossfade.frontdoor.rest.RestFrontDoor;
import io.crossfade.gates.Gates;
import io.crossfade.guard.Guardrails;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.mismatch.MismatchStore;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.ReplayFailed;
import io.crossfade.observation.Observer;
import io.crossfade.rollout.By;
import io.crossfade.rollout.Change;
import io.crossfade.rollout.RepositoryNames;
import io.crossfade.rollout.Rollouts;
import io.crossfade.settings.Settings;
import io.crossfade.shadow.DeadLetterDesk;
import io.crossfade.shadow.Shadowing;
import io.crossfade.shadow.watch.Standing;
import io.crossfade.sides.Sides;
import io.crossfade.state.BothRows;
import io.crossfade.state.GroupStates;
import io.crossfade.state.Pins;
import io.crossfade.state.RememberedStates;
import io.crossfade.state.States;
import io.crossfade.work.Works;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A running proxy: builds every part in the order in which a call meets them, and stops them in reverse. */
public final class Crossfade {
    private static final int STOP_SECONDS = 10;

    private final Vertx vertx;
    private final Observer onlooker;
    private final Mismatch.Sink finder;
    private final Deque<Supplier<Future<?>>> stopping = new ArrayDeque<>();
    private volatile @Nullable Shadowing shadowing;
    private volatile @Nullable States states;
    private volatile @Nullable Agreement agreement;
    private volatile @Nullable Cutovers cutovers;
    private volatile @Nullable Reconciliation reconciliation;
    private volatile @Nullable Pins pins;
    private volatile @Nullable Rollouts rollouts;
    private volatile @Nullable ReadComparison comparison;
    private volatile @Nullable MismatchStore mismatches;
    private final Works works = new Works();
    private final AtRisk atRisk = new AtRisk(this::groupOf);
    private volatile Function<String, @Nullable Standing> standing = group -> Standing.AT_REST;
    private volatile Supplier<Future<Void>> look = Future::succeededFuture;
    private int restPort;
    private int adminPort;

    private Crossfade(Vertx vertx, Observer onlooker, Mismatch.Sink finder) {
        this.vertx = vertx;
        this.onlooker = onlooker;
        this.finder = finder;
    }

    /**
     * Starts the proxy. A database that is down does not keep it from starting: calls to it fail until it answers.
     *
     * @param bothSidesEqual whether the two databases are known to hold the same rows at start, which a rollout needs
     * @return completes when both front doors accept calls; fails if a port is taken, and then nothing is left running
     */
    public static Future<Crossfade> start(Vertx vertx, Settings settings, boolean bothSidesEqual) {
        return start(vertx, settings, bothSidesEqual, observation -> {}, Mismatch.Sink.NONE);
    }

    /**
     * The same.
     *
     * @param onlooker is told what is observed, beside log and metrics
     * @param finder is given the differences that comparisons find
     */
    public static Future<Crossfade> start(
            Vertx vertx, Settings settings, boolean bothSidesEqual, Observer onlooker, Mismatch.Sink finder) {
        Crossfade crossfade = new Crossfade(vertx, onlooker, finder);
        return crossfade
                .open(settings, bothSidesEqual)
                .map(crossfade)
                .recover(error -> crossfade.close().transform(closed -> Future.failedFuture(error)));
    }

    /**
     * What the authorities had committed before this call is on the shadows when this completes; at once where nothing is
     * shadowed.
     * The caller sets the limit of time.
     */
    public Future<Void> caughtUp() {
        Shadowing running = shadowing;
        return running == null ? Future.succeededFuture() : running.caughtUp();
    }

    /** The port that the REST front door listens on. */
    public int restPort() {
        return restPort;
    }

    /** The port that the admin front door listens on. */
    public int adminPort() {
        return adminPort;
    }

    /** Takes no new calls, finishes those in flight, then closes every connection; at most 10 s. */
    public Future<Void> close() {
        Future<?> stopped = Future.succeededFuture();
        while (!stopping.isEmpty()) {
            Supplier<Future<?>> next = stopping.pop();
            stopped = stopped.transform(before -> next.get());
        }
        return stopped.<Void>mapEmpty().timeout(STOP_SECONDS, TimeUnit.SECONDS);
    }

    private Future<Void> open(Settings settings, boolean bothSidesEqual) {
        CallLimits limits = CallLimits.of(settings);
        Listeners listeners = new Listeners(vertx, settings);
        stopping.push(listeners::close);
        Observer told = Observer.all(List.of(listeners, atRisk, this::tellOthers, onlooker));
        Sides sides = Sides.open(vertx, settings, told);
        stopping.push(sides::close);
        openMismatches(sides, settings, told);
        Shadowing shadowing = new Shadowing(vertx, sides, told);
        this.shadowing = shadowing;
        stopping.push(shadowing::close);
        Observer observer = Observer.all(List.of(told, shadowing));
        return Catalogs.open(vertx, sides, settings.rest().schemas(), observer)
                .onSuccess(catalogs -> stopping.push(catalogs::close))
                .compose(catalogs -> sides.probe().map(catalogs))
                .compose(catalogs -> {
                    listeners.open(sides);
                    stopping.push(listeners::closeBooks);
                    RepositoryNames names = new RepositoryNames(catalogs, settings.rest());
                    GroupStates states = states(sides, settings, shadowing, observer);
                    Forward forward = new Forward(settings, sides, states, shadowing, mismatches);
                    Supplier<Future<Void>> note = bothSidesEqual ? forward::noteEqualSides : Future::succeededFuture;
                    Rollouts rollouts =
                            new Rollouts(settings, names, bothSidesEqual, states, forward.gates(), observer);
                    this.rollouts = rollouts;
                    listeners.watch(sides, rollouts);
                    openPins(sides, rollouts);
                    shadowing.watch(
                            settings.journal(),
                            group -> standing.apply(group),
                            (repositories, reason) -> giveUp(rollouts, repositories, reason));
                    Executor executor = new Executor(sides, catalogs);
                    Freshness freshness = new Freshness(vertx, shadowing, catalogs, limits.uncertain(), observer);
                    Holds holds = new Holds(
                            vertx,
                            rollouts::current,
                            settings.target() == null
                                    ? Duration.ZERO
                                    : settings.cutover().timeout());
                    rollouts.onTable(holds::look);
                    openCutovers(sides, settings, rollouts, shadowing, forward.gates(), observer);
                    Guardrails guardrails = forward.guardrails(rollouts, observer);
                    watch(guardrails, settings.guardrails().window());
                    Observer served = Observer.all(List.of(observer, guardrails));
                    ReadComparison comparison = new ReadComparison(
                            vertx, settings, sides, catalogs, shadowing, rollouts, new Keeping(), served);
                    this.comparison = comparison;
                    stopping.push(comparison::close);
                    CallServer calls = new CallServer(
                            rollouts::current,
                            executor,
                            freshness,
                            holds,
                            comparison.comparing(),
                            this::lookAtStates,
                            served);
                    RestFrontDoor rest = new RestFrontDoor(
                            settings.rest(),
                            calls,
                            served,
                            CallLimits.mostBytesOfBodies(),
                            limits.patience(),
                            settings.admin().everybody());
                    Presence presence = new Presence(vertx, settings, sides, rollouts, shadowing);
                    stopping.push(presence::close);
                    AdminFrontDoor admin = new AdminFrontDoor(
                            settings.admin(),
                            new AdminParts(
                                    rollouts,
                                    forward.asked(guardrails),
                                    states,
                                    new Status(
                                            sides,
                                            shadowing,
                                            settings.journal().alarmSize(),
                                            presence::all,
                                            states,
                                            atRisk),
                                    DeadLetterDesk.of(sides.all(), shadowing, told),
                                    forward.desk(),
                                    AuditLog.of(sides.all(), group -> authority(states, group)),
                                    works,
                                    cutovers(),
                                    reconciliation(),
                                    Optional.ofNullable(pins),
                                    listeners.counted(),
                                    listeners.tally(),
                                    listeners.registry(),
                                    observer));
                    Beginning beginning = new Beginning(vertx, look, note, rollouts, observer);
                    stopping.push(() -> {
                        beginning.end();
                        return Future.succeededFuture();
                    });
                    return beginning
                            .begin()
                            .compose(begun -> deploy(rest))
                            .onSuccess(deployed -> restPort = rest.port())
                            .compose(deployed -> deploy(admin))
                            .onSuccess(deployed -> adminPort = admin.port())
                            .onSuccess(deployed -> presence.begin(restPort));
                })
                .mapEmpty();
    }

    /** Where there is one database, there is nothing to compare it with. */
    private void openMismatches(Sides sides, Settings settings, Observer observer) {
        if (settings.target() != null) {
            MismatchStore opened = MismatchStore.open(
                    vertx, sides, settings.mismatches(), settings.gates().soak(), observer, InstantSource.system());
            mismatches = opened;
            stopping.push(opened::close);
        }
    }

    /** Where there is one database, every key goes there. */
    private void openPins(Sides sides, Rollouts rollouts) {
        States known = states;
        if (known != null) {
            Pins opened = new Pins(vertx, sides, known);
            opened.onChange(() -> rollouts.pin(opened.sidesByKey()));
            pins = opened;
        }
    }

    /** Where there is one database, nothing can move. */
    private void openCutovers(
            Sides sides, Settings settings, Rollouts rollouts, Shadowing shadowing, Gates gates, Observer observer) {
        Agreement agreed = agreement;
        if (agreed == null) {
            return;
        }
        SmokeTests smoke = new SmokeTests(
                vertx,
                settings.rest().host(),
                () -> restPort,
                settings.rest().serviceKeys().stream().findFirst().orElse(null));
        stopping.push(smoke::close);
        Cutovers opened = new Cutovers(
                vertx, sides, agreed, rollouts, shadowing, gates, smoke, settings.cutover(), works, atRisk, observer);
        cutovers = opened;
        reconciliation = new Reconciliation(sides, agreed, observer);
        stopping.push(opened::close);
    }

    /** Where every repository stands. */
    public Rollouts rollouts() {
        return Objects.requireNonNull(rollouts, "not started");
    }

    /** What moves authorities; empty where there is one database. */
    public Optional<Cutovers> cutovers() {
        return Optional.ofNullable(cutovers);
    }

    /** What compares reads; empty where there is one database. */
    public Optional<Comparer> comparer() {
        ReadComparison known = comparison;
        return known == null ? Optional.empty() : known.comparer();
    }

    /** Where operators decide about what a forced rollback has left; empty where there is one database. */
    public Optional<Reconciliation> reconciliation() {
        return Optional.ofNullable(reconciliation);
    }

    /** What keeps mismatches; empty where there is one database. */
    public Optional<MismatchStore> mismatches() {
        return Optional.ofNullable(mismatches);
    }

    /** What would be missing if the authority of a group were taken away by force now. */
    public AtRisk atRisk() {
        return atRisk;
    }

    private String groupOf(String repository) {
        Rollouts known = rollouts;
        return known == null ? repository : known.current().of(repository).group();
    }

    /** The long work of this instance. */
    public Works works() {
        return works;
    }

    /** A fence refused a write: another instance has decided something that is not known here yet. */
    private void lookAtStates() {
        States known = states;
        if (known != null) {
            // Whoever waits is let go by what is seen, or by time.
            var unused = known.look();
        }
    }

    /** What comparing finds goes to the store, once there is one. */
    private final class Keeping implements Mismatch.Sink {
        @Override
        public void accept(Mismatch mismatch) {
            MismatchStore store = mismatches;
            if (store != null) {
                store.accept(mismatch);
            }
            finder.accept(mismatch);
        }

        @Override
        public void agrees(String repository, MismatchKind kind, List<String> columns, Instant began) {
            MismatchStore store = mismatches;
            if (store != null) {
                store.agrees(repository, kind, columns, began);
            }
        }
    }

    /** A problem of the replay is a reason to look at capture, and what it finds to differ is kept. */
    private void tellOthers(Observation observation) {
        MismatchStore store = mismatches;
        if (store != null) {
            store.observe(observation);
        }
        Shadowing running = shadowing;
        if (running != null && observation instanceof ReplayFailed) {
            running.observe(observation);
        }
    }

    /** Nothing is brought to the other side any more, and the authority stays where it is. */
    private static Future<Void> giveUp(Rollouts rollouts, Set<String> repositories, String reason) {
        return Future.join(repositories.stream()
                        .filter(name -> rollouts.current().of(name).stage().needsShadow())
                        .map(name -> rollouts.change(
                                name,
                                Change.toStage(
                                        rollouts.current().of(name).stage().authority() == Side.LEGACY
                                                ? Stage.OFF
                                                : Stage.COMPLETE),
                                OptionalLong.empty(),
                                new By("crossfade", reason, true)))
                        .toList())
                .mapEmpty();
    }

    private static Side authority(GroupStates states, String group) {
        BothRows known = states.current().get(group);
        return known == null ? Side.LEGACY : known.holding().authority();
    }

    /** What a tick does is observed, and what fails is done again with the next one. */
    private void watch(Guardrails guardrails, Duration every) {
        long timer = vertx.setPeriodic(every.toMillis(), tick -> {
            var unused = guardrails.tick();
        });
        stopping.push(() -> Future.succeededFuture(vertx.cancelTimer(timer)));
    }

    /** With one database nothing moves, and nothing has to be agreed upon. */
    private GroupStates states(Sides sides, Settings settings, Shadowing shadowing, Observer observer) {
        if (sides.find(Side.TARGET).isEmpty()) {
            return new RememberedStates();
        }
        States states = States.open(vertx, sides);
        stopping.push(states::close);
        this.states = states;
        Agreement agreement = Agreement.open(vertx, sides, states, shadowing, settings.cutover(), observer);
        this.agreement = agreement;
        stopping.push(agreement::close);
        standing = agreement::standing;
        look = () -> states.look(Side.LEGACY)
                .compose(seen -> agreement.begin())
                // A group that legacy has forgotten may be live.
                .compose(begun -> states.look(Side.TARGET));
        return agreement;
    }

    private Future<String> deploy(Deployable frontDoor) {
        return vertx.deployVerticle(frontDoor).onSuccess(id -> stopping.push(() -> vertx.undeploy(id)));
    }
}
