package io.crossfade.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import io.crossfade.routing.ShadowState;
import io.crossfade.routing.Shadows;
import io.crossfade.settings.JournalSettings;
import io.crossfade.settings.Settings;
import io.crossfade.shadow.watch.Standing;
import io.crossfade.sides.Sides;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Groups come and go, also while the target is slow. */
class ShadowingTest {
    private static final String TABLES =
            "CREATE TABLE clients (id integer PRIMARY KEY); CREATE TABLE notes (id integer PRIMARY KEY)";
    private static final Set<String> CLIENTS = Set.of("clients");

    private final Vertx vertx = Vertx.vertx();
    private TestDatabase legacy;
    private TestDatabase target;
    private Sides sides;
    private Shadowing shadowing;

    @BeforeEach
    void open() {
        legacy = PostgresServers.legacy().database(List.of(TABLES));
        target = PostgresServers.target().database(List.of(TABLES));
        Settings settings = CrossfadeExtension.settings(legacy, target);
        CrossfadeExtension.install(vertx, settings);
        sides = Sides.open(vertx, settings, observation -> {});
        shadowing = new Shadowing(vertx, sides, observation -> {});
    }

    @AfterEach
    void close() {
        shadowing.close().await();
        sides.close().await();
        vertx.close().await();
        legacy.drop();
        target.drop();
    }

    @Test
    void aGroupThatBeginsAgainWhileItEndsIsShadowed() throws Exception {
        done(shadowing.follow("clients", Side.LEGACY, CLIENTS));
        done(shadowing.caughtUp("clients"));
        target.execute("BEGIN; SELECT FROM crossfade.replayer FOR UPDATE");
        legacy.execute("INSERT INTO clients VALUES (1)");
        await("a batch is in flight", () -> target.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
        Future<Void> ended = shadowing.stop("clients");
        Future<Void> begun = shadowing.follow("clients", Side.LEGACY, CLIENTS);
        assertThat(ended.isComplete() || begun.isComplete()).isFalse();
        target.execute("ROLLBACK");
        done(ended);
        done(begun);
        done(shadowing.caughtUp("clients"));
        assertThat(target.rows("SELECT id FROM clients")).containsExactly("1");
    }

    @Test
    void aGroupThatIsToGoTheOtherWayEndsFirstAndWhatIsKnownOfOneDirectionSaysNothingOfTheOther() throws Exception {
        done(shadowing.follow("clients", Side.LEGACY, CLIENTS));
        assertThat(shadowing.of("clients", Side.LEGACY)).isNotNull();
        assertThat(shadowing.of("clients", Side.TARGET)).isNull();
        done(shadowing.caughtUp("clients"));
        target.execute("BEGIN; SELECT FROM crossfade.replayer FOR UPDATE");
        legacy.execute("INSERT INTO clients VALUES (1)");
        await("a batch is in flight", () -> target.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
        Future<Void> turned = shadowing.follow("clients", Side.TARGET, CLIENTS);
        assertThat(turned.isComplete()).isFalse();
        assertThat(shadowing.authority("clients")).isNull();
        target.execute("ROLLBACK");
        done(turned);
        assertThat(shadowing.authority("clients")).isEqualTo(Side.TARGET);
        assertThat(shadowing.of("clients", Side.LEGACY)).isNull();
        assertThat(shadowing.of("clients", Side.TARGET)).isNotNull();
        target.execute("INSERT INTO clients VALUES (2)");
        done(shadowing.caughtUp("clients"));
        assertThat(legacy.rows("SELECT id FROM clients ORDER BY id")).contains("2");
    }

    @Test
    void noReadReliesOnAShadowBeforeItWasLookedAtWhatIsKnownOfIt() throws Exception {
        legacy.execute("UPDATE crossfade.capture SET broken_at = now(), repositories = '{clients}', reason = 'a gap'"
                + " WHERE group_name = 'clients'");
        done(shadowing.follow("clients", Side.LEGACY, CLIENTS));
        Shadows.Group group = Objects.requireNonNull(shadowing.of("clients", Side.LEGACY));
        await("it has caught up", () -> !group.state().isBehind());
        shadowing.watch(
                JournalSettings.DEFAULTS, name -> Standing.AT_REST, (repositories, reason) -> Future.succeededFuture());
        assertThat(Objects.requireNonNull(shadowing.of("clients", Side.LEGACY))
                        .state()
                        .isBehind())
                .isTrue();
        await("it was looked at", () -> shadowing.red("clients") != null);
        await(
                "the shadow itself says so, and goes on saying so",
                () -> group(Side.LEGACY).isKnownToBeUnread(System.nanoTime(), Duration.ofSeconds(1)));
    }

    private ShadowState group(Side authority) {
        return Objects.requireNonNull(shadowing.of("clients", authority)).state();
    }

    private static void done(Future<Void> future) throws Exception {
        assertThat(future.await(60, TimeUnit.SECONDS)).isNull();
    }

    private static void await(String what, BooleanSupplier condition) {
        Instant deadline = Instant.now().plus(Duration.ofSeconds(30));
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }
}
