package io.crossfade.agreement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.agreement.SideSession.UnknownOutcomeException;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.settings.Settings;
import io.crossfade.shadow.Shadowing;
import io.crossfade.sides.Sides;
import io.crossfade.state.GroupState;
import io.crossfade.state.States;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two drivers of moves of one group, step by step. */
class AuthorityMoveTest {
    private static final long SECONDS = 30;
    private static final String GROUP = "notes";
    private static final String ROW = "SELECT concat_ws(' ', epoch, stage, authority, moving_to) FROM crossfade.state";
    private static final String SETTLED = "1 rollout legacy";
    private static final String FENCES = "SELECT tgenabled FROM pg_trigger WHERE tgname = 'crossfade_fence'";

    private static final String BEGINNING = """
            INSERT INTO crossfade.state (group_name, epoch, stage, authority, rollout, changed_by, reason)
            VALUES ('notes', 1, 'rollout', 'legacy', 50, 'olga', 'the beginning')""";

    /** Ends a session in the middle of its commit, which is undone by that. */
    private static final String NO_COMMIT = """
            CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              PERFORM pg_terminate_backend(pg_backend_pid());
              PERFORM pg_sleep(60);
              RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER die AFTER UPDATE ON crossfade.state DEFERRABLE INITIALLY DEFERRED
              FOR EACH ROW EXECUTE FUNCTION die()""";

    private final Vertx vertx = Vertx.vertx();
    private TestDatabase legacy;
    private TestDatabase target;
    private Sides sides;
    private Shadowing shadowing;
    private States states;
    private Agreement agreement;

    /** So patient that nobody heals a move. */
    @BeforeEach
    void open() throws Exception {
        List<String> tables = List.of("CREATE TABLE notes (id integer PRIMARY KEY)");
        legacy = PostgresServers.legacy().database(tables);
        target = PostgresServers.target().database(tables);
        Settings settings = CrossfadeExtension.settings(legacy, target);
        CrossfadeExtension.install(vertx, settings);
        legacy.execute(BEGINNING);
        sides = Sides.open(vertx, settings, observation -> {});
        shadowing = new Shadowing(vertx, sides, observation -> {});
        states = States.open(vertx, sides);
        agreement = Agreement.open(
                vertx,
                sides,
                states,
                shadowing,
                new CutoverSettings(Duration.ofMinutes(5), List.of(), 1),
                observation -> {});
    }

    @AfterEach
    void close() throws Exception {
        var unused = agreement
                .close()
                .eventually(states::close)
                .eventually(shadowing::close)
                .eventually(sides::close)
                .eventually(vertx::close)
                .await(SECONDS, TimeUnit.SECONDS);
        legacy.drop();
        target.drop();
    }

    @Test
    void whoeverHasLeftCanHaveTheWritesStay() throws Exception {
        AuthorityMove move = await(agreement.prepareMove(GROUP));
        assertThat(await(move.leave("anna", "a test"))).isTrue();
        assertThat(legacy.value(ROW)).isEqualTo("2 rollout legacy target");
        assertThat(await(move.abort("a change of mind")).authority()).isEqualTo(Side.LEGACY);
        assertThat(legacy.value(ROW)).isEqualTo("3 rollout legacy");
        legacy.execute("INSERT INTO notes VALUES (1)");
        await(move.close());
    }

    /**
     * The row of the second move has the epoch of the first one, which was undone and whose driver cannot know that: only the
     * moment of the change tells them apart.
     */
    @Test
    void aDriverWhoseOwnLeavingWasUndoneLeavesTheMoveOfAnotherAlone() throws Exception {
        AuthorityMove first = await(agreement.prepareMove(GROUP));
        legacy.execute(NO_COMMIT);
        assertThatThrownBy(() -> await(first.leave("anna", "the first"))).isInstanceOf(UnknownOutcomeException.class);
        legacy.execute("DROP TRIGGER die ON crossfade.state");
        assertThat(legacy.value(ROW)).as("it was undone").isEqualTo(SETTLED);

        AuthorityMove second = await(agreement.prepareMove(GROUP));
        assertThat(await(second.leave("boris", "the second"))).isTrue();
        GroupState decided = expectUndisturbed(first, "2 rollout legacy target", SETTLED);
        assertThat(decided.changedBy()).as("where the group stands now").isEqualTo("boris");
        expectArrives(second);
        await(first.close());
    }

    @Test
    void aDriverWhoseMoveWasStoppedLeavesTheNextOneAlone() throws Exception {
        AuthorityMove first = await(agreement.prepareMove(GROUP));
        assertThat(await(first.leave("anna", "the first"))).isTrue();
        GroupState leaving = Objects.requireNonNull(await(agreement.look(GROUP)).leaving());
        assertThat(await(agreement.stop(leaving, "olga", "no")).isMoving()).isFalse();

        AuthorityMove second = await(agreement.prepareMove(GROUP));
        assertThat(await(second.leave("boris", "the second"))).isTrue();
        GroupState decided = expectUndisturbed(first, "4 rollout legacy target", "3 rollout legacy");
        assertThat(decided.changedBy()).as("who has stopped the first one").isEqualTo("olga");
        assertThat(first.isEnded()).isTrue();
        expectArrives(second);
        await(first.close());
    }

    @Test
    void aMoveThatNeverLeftHasNotBroughtTheWritesWhereAnotherOneHas() throws Exception {
        AuthorityMove first = await(agreement.prepareMove(GROUP));
        AuthorityMove second = await(agreement.prepareMove(GROUP));
        assertThat(await(second.leave("boris", "the second"))).isTrue();
        expectArrives(second);
        assertThat(await(first.leave("anna", "the first"))).isFalse();
        GroupState stands = await(first.abort("somebody was faster"));
        assertThat(stands.authority()).isEqualTo(Side.TARGET);
        assertThat(first.cameTo(stands)).isFalse();
        assertThat(second.cameTo(stands)).isTrue();
        await(first.close());
    }

    /** As after a side was restored to a moment in the middle of a move: neither epoch follows from the other. */
    @Test
    void aMoveThatALaterDecisionHasOvertakenEndsAndTheWritesGoOn() throws Exception {
        AuthorityMove move = await(agreement.prepareMove(GROUP));
        assertThat(await(move.leave("anna", "a test"))).isTrue();
        await(move.close());
        target.execute("UPDATE crossfade.state SET epoch = 20, stage = 'rollout', authority = 'legacy'");
        GroupState leaving = Objects.requireNonNull(await(agreement.look(GROUP)).leaving());
        assertThat(await(agreement.stop(leaving, "olga", "no")).epoch()).isEqualTo(20);
        assertThat(legacy.value(ROW)).isEqualTo("20 rollout legacy");
        legacy.execute("INSERT INTO notes VALUES (1)");
    }

    private GroupState expectUndisturbed(AuthorityMove first, String onLegacy, String onTarget) throws Exception {
        GroupState decided = await(first.abort("it was undone"));
        assertThat(legacy.value(ROW)).isEqualTo(onLegacy);
        assertThat(target.value(ROW)).isEqualTo(onTarget);
        assertThat(legacy.value("SELECT changed_by FROM crossfade.state")).isEqualTo("boris");
        assertThat(legacy.rows(FENCES)).as("nobody writes on legacy").containsOnly("A");
        return decided;
    }

    private void expectArrives(AuthorityMove second) throws Exception {
        Destination live = new Destination(Stage.LIVE, 100, Map.of());
        assertThat(await(second.arrive(live, "boris", "the second"))).isTrue();
        GroupState known = Objects.requireNonNull(states.of(GROUP)).settled();
        assertThat(Objects.requireNonNull(known, "it is known at once").authority())
                .isEqualTo(Side.TARGET);
        target.execute("INSERT INTO notes VALUES (1)");
        await(second.close());
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(SECONDS, TimeUnit.SECONDS);
    }
}
