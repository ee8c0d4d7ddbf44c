package io.crossfade.state;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.call.Operation;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.settings.Settings;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.crossfade.state.StateRows.Statements;
import io.crossfade.testing.CanIgnoreReturnValue;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatesTest {
    private static final long SECONDS = 20;

    private final Vertx vertx = Vertx.vertx();
    private TestDatabase legacy;
    private TestDatabase target;
    private Sides sides;

    @BeforeEach
    void open() throws IOException {
        legacy = PostgresServers.legacy().database(List.of(schema()));
        target = PostgresServers.target().database(List.of(schema()));
        Settings settings = CrossfadeExtension.settings(legacy, target);
        sides = Sides.open(vertx, settings, observation -> {});
    }

    @AfterEach
    void close() throws Exception {
        sides.close().eventually(vertx::close).await(SECONDS, TimeUnit.SECONDS);
        legacy.drop();
        target.drop();
    }

    @Test
    void aStateComesBackAsItWasStored() throws Exception {
        GroupState stored = onItsWay(Map.of(Operation.FIND_ONE, 50.0));
        assertThat(await(StateRows.create(at(Side.LEGACY), stored))).isTrue();
        GroupState read =
                requireNonNull(await(StateRows.read(at(Side.LEGACY))).states().get("shop"));
        assertThat(read.changedAt()).isNotNull();
        assertThat(read).usingRecursiveComparison().ignoringFields("changedAt").isEqualTo(stored);
        assertThat(read.movingTo()).isEqualTo(Side.TARGET);
    }

    @Test
    void ofTwoChangesThatAreBasedOnTheSameStateOneIsRefused() throws Exception {
        GroupState first = GroupState.first("shop", Stage.SHADOW, 0, Map.of(), "ana");
        assertThat(await(StateRows.create(at(Side.LEGACY), first))).isTrue();
        GroupState one = first.changedTo(Stage.ROLLOUT, 5, Map.of(), "ana", "try");
        GroupState other = first.changedTo(Stage.OFF, 0, Map.of(), "ben", "stop");
        assertThat(await(StateRows.compareAndSet(at(Side.LEGACY), 1, one))).isTrue();
        assertThat(await(StateRows.compareAndSet(at(Side.LEGACY), 1, other))).isFalse();
        assertThat(legacy.rows("SELECT epoch, stage, changed_by FROM crossfade.state"))
                .containsExactly("2|rollout|ana");
    }

    @Test
    void aFirstStateIsStoredOnlyOnce() throws Exception {
        assertThat(await(StateRows.create(at(Side.LEGACY), GroupState.first("shop", Stage.SHADOW, 0, Map.of(), "ana"))))
                .isTrue();
        assertThat(await(StateRows.create(at(Side.LEGACY), GroupState.first("shop", Stage.OFF, 0, Map.of(), "ben"))))
                .isFalse();
        assertThat(legacy.value("SELECT stage FROM crossfade.state")).isEqualTo("shadow");
    }

    @Test
    void aLateCopyOfAnOlderStateUndoesNothing() throws Exception {
        GroupState first = GroupState.first("shop", Stage.SHADOW, 0, Map.of(), "ana");
        GroupState second = first.changedTo(Stage.ROLLOUT, 5, Map.of(), "ana", "try");
        assertThat(await(StateRows.follow(at(Side.TARGET), Side.TARGET, second)))
                .isTrue();
        assertThat(await(StateRows.follow(at(Side.TARGET), Side.TARGET, first))).isFalse();
        assertThat(await(StateRows.follow(at(Side.TARGET), Side.TARGET, second)))
                .isFalse();
        assertThat(target.rows("SELECT epoch, stage FROM crossfade.state")).containsExactly("2|rollout");
    }

    @Test
    void whatIsChangedOnASideIsToldToWhoListens() throws Exception {
        States states = States.open(vertx, sides);
        CountDownLatch seen = new CountDownLatch(1);
        states.look().await(SECONDS, TimeUnit.SECONDS);
        states.onChange(() -> {
            BothRows shop = states.of("shop");
            if (shop != null && shop.holding().stage() == Stage.DUAL_WRITE) {
                seen.countDown();
            }
        });
        legacy.execute("INSERT INTO crossfade.state (group_name, epoch, stage, authority, rollout, changed_by, reason)"
                + " VALUES ('shop', 7, 'dual-write', 'legacy', 0, 'psql', 'none')");
        assertThat(seen.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(shop(states).of(Side.TARGET)).isNull();
        states.close().await(SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void whoIsToldOfNewsKeepsNobodyFromAskingForALook() throws Exception {
        States states = States.open(vertx, sides);
        states.look().await(SECONDS, TimeUnit.SECONDS);
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        AtomicBoolean inTime = new AtomicBoolean();
        states.onChange(() -> {
            told.countDown();
            inTime.compareAndSet(false, awaitQuietly(asked));
        });
        legacy.execute("INSERT INTO crossfade.state (group_name, epoch, stage, authority, rollout, changed_by, reason)"
                + " VALUES ('shop', 7, 'dual-write', 'legacy', 0, 'psql', 'none')");
        assertThat(told.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        Future<Void> look = states.look(Side.TARGET);
        asked.countDown();
        look.await(SECONDS, TimeUnit.SECONDS);
        assertThat(inTime).isTrue();
        states.close().await(SECONDS, TimeUnit.SECONDS);
    }

    private static boolean awaitQuietly(CountDownLatch latch) {
        try {
            return latch.await(SECONDS / 2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    void theRowWithTheHigherEpochHoldsAndTheMembersOfBothSidesAreKnown() throws Exception {
        legacy.execute(register("clients", "pg_class"));
        target.execute(register("notes", "pg_type"));
        GroupState first = GroupState.first("shop", Stage.ROLLOUT, 0, Map.of(), "ana");
        await(StateRows.create(at(Side.LEGACY), onItsWay(Map.of())));
        await(StateRows.create(
                at(Side.TARGET),
                first.changedTo(Stage.LIVE, 0, Map.of(), "ana", "go").at(3)));
        States states = States.open(vertx, sides);
        states.look().await(SECONDS, TimeUnit.SECONDS);
        BothRows shop = shop(states);
        assertThat(shop.holding().stage()).isEqualTo(Stage.LIVE);
        assertThat(shop.holding().fences(Side.LEGACY)).isTrue();
        assertThat(shop.holding().fences(Side.TARGET)).isFalse();
        assertThat(shop.members()).containsExactlyInAnyOrder("clients", "notes");
        states.close().await(SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void whileTheAuthorityIsOnItsWayNoSideTakesWrites() throws Exception {
        await(StateRows.create(at(Side.LEGACY), onItsWay(Map.of())));
        await(StateRows.create(at(Side.TARGET), GroupState.first("shop", Stage.ROLLOUT, 0, Map.of(), "ana")));
        States states = States.open(vertx, sides);
        states.look().await(SECONDS, TimeUnit.SECONDS);
        assertThat(shop(states).settled()).isNull();
        assertThat(shop(states).holding().fences(Side.LEGACY)).isTrue();
        assertThat(shop(states).holding().fences(Side.TARGET)).isTrue();
        states.close().await(SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aSideThatSaysItTakesTheWritesIsNotOverruledByACopy() throws Exception {
        GroupState live = GroupState.first("shop", Stage.LIVE, 0, Map.of(), "ana");
        await(StateRows.create(at(Side.TARGET), live));
        GroupState legacysWord =
                GroupState.first("shop", Stage.ROLLOUT, 0, Map.of(), "ana").at(9);
        assertThat(await(StateRows.follow(at(Side.TARGET), Side.TARGET, legacysWord)))
                .isFalse();
        assertThat(target.value("SELECT stage FROM crossfade.state")).isEqualTo("live");
    }

    @Test
    void aGroupThatWasNeverMovedIsOff() throws Exception {
        legacy.execute(register("clients", "pg_class"));
        States states = States.open(vertx, sides);
        states.look().await(SECONDS, TimeUnit.SECONDS);
        assertThat(shop(states).holding().stage()).isEqualTo(Stage.OFF);
        assertThat(shop(states).settled()).isNull();
        states.close().await(SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void whoAsksWhileALookIsUnderWayLearnsWhatCommittedBefore() throws Exception {
        States states = States.open(vertx, sides);
        Database side = sides.find(Side.LEGACY).orElseThrow();
        await(StateRows.create(at(Side.LEGACY), GroupState.first("shop", Stage.OFF, 0, Map.of(), "ana")));
        for (int epoch = 2; epoch < 30; epoch++) {
            Future<Void> underWay = states.look(side);
            legacy.execute("UPDATE crossfade.state SET epoch = " + epoch);
            states.look(side).await(SECONDS, TimeUnit.SECONDS);
            assertThat(shop(states).holding().epoch()).isEqualTo(epoch);
            assertThat(underWay.isComplete()).isTrue();
        }
        states.close().await(SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void anAnswerThatWasOnItsWayDoesNotUndoWhatHasBeenCommittedSince() throws Exception {
        GroupState first = GroupState.first("shop", Stage.ROLLOUT, 0, Map.of(), "written before");
        await(StateRows.create(at(Side.LEGACY), first));
        try (TcpRelay wire = new TcpRelay(legacy.connectOptions())) {
            Sides byWire = Sides.open(
                    vertx,
                    CrossfadeExtension.settings(wire.connectOptions(), target.connectOptions()),
                    observation -> {});
            States states = States.open(vertx, byWire);
            states.look(Side.LEGACY).await(SECONDS, TimeUnit.SECONDS);
            Queue<Long> seen = new ConcurrentLinkedQueue<>();
            states.onChange(() -> seen.add(shop(states).holding().epoch()));
            wire.whenSeen(TcpRelay.Direction.FROM_DATABASE, "written before", () -> {
                legacy.execute("UPDATE crossfade.state SET epoch = 2");
                states.knows(Side.LEGACY, first.at(2));
                states.knows(Side.LEGACY, first);
            });
            states.look(Side.LEGACY).await(SECONDS, TimeUnit.SECONDS);
            assertThat(seen).isNotEmpty().allMatch(epoch -> epoch == 2);
            states.close().eventually(byWire::close).await(SECONDS, TimeUnit.SECONDS);
        }
    }

    @Test
    void nothingIsKnownWhereNothingIsInstalled() throws Exception {
        legacy.execute("DROP SCHEMA crossfade CASCADE");
        assertThat(await(StateRows.read(at(Side.LEGACY))).states()).isEmpty();
    }

    @Test
    void aDecisionLocksTheRowUntilItsTransactionEnds() throws Exception {
        GroupState first = GroupState.first("shop", Stage.ROLLOUT, 0, Map.of(), "ana");
        await(StateRows.create(at(Side.TARGET), first));
        try (Connection driver = DriverManager.getConnection(jdbc())) {
            driver.setAutoCommit(false);
            try (Statement statement = driver.createStatement()) {
                statement.executeUpdate("UPDATE crossfade.state SET epoch = 3, stage = 'live', authority = 'target'");
            }
            Future<Boolean> healer = StateRows.compareAndSet(
                    at(Side.TARGET),
                    1,
                    first.changedTo(Stage.ROLLOUT, 0, Map.of(), "healer", "abort")
                            .at(3));
            driver.commit();
            assertThat(await(healer)).isFalse();
        }
        assertThat(target.value("SELECT stage FROM crossfade.state")).isEqualTo("live");
    }

    /** A session of its own, beside that of the test. */
    private String jdbc() {
        PgConnectOptions at = target.connectOptions();
        return "jdbc:postgresql://" + at.getHost() + ":" + at.getPort() + "/" + at.getDatabase() + "?user="
                + at.getUser() + "&password=" + at.getPassword();
    }

    private static GroupState onItsWay(Map<Operation, Double> shares) {
        return new GroupState("shop", 2, Stage.ROLLOUT, Side.TARGET, 12.34, shares, "ben", "it is time", null);
    }

    private static String register(String name, String standIn) {
        return "INSERT INTO crossfade.repository (name, group_name, table_oid, key_columns, fingerprint) VALUES ('"
                + name + "', 'shop', '" + standIn + "'::regclass, '{id}', '')";
    }

    private Statements at(Side side) {
        Database database = sides.find(side).orElseThrow();
        return (sql, values) -> database.run(sql, values, false);
    }

    private static BothRows shop(States states) {
        return requireNonNull(states.of("shop"));
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> answer) throws Exception {
        return answer.await(SECONDS, TimeUnit.SECONDS);
    }

    private static String schema() throws IOException {
        try (InputStream in = StatesTest.class.getResourceAsStream("/schema/V001__crossfade.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
