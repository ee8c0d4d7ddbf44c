package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the shadow's row says about the shadow, looked at in every version that it ever had. */
class LeaseTest {
    private static final String TABLE = "CREATE TABLE items (id integer PRIMARY KEY, name text)";
    private static final String NARROW = "CREATE TABLE items (id integer PRIMARY KEY, name varchar(5))";
    private static final Duration GAP = Duration.ofSeconds(2);
    private static final ReplaySettings SETTINGS =
            ReplayFixture.SETTINGS.withPoll(Duration.ofMillis(10), GAP).withSliceKeys(100);

    private static final String HISTORY = """
            CREATE TABLE history (n bigint GENERATED ALWAYS AS IDENTITY, as_of timestamptz, caught_up_at timestamptz,
              catching_up boolean, dead_letters integer, token bigint);
            CREATE FUNCTION remember() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO public.history (as_of, caught_up_at, catching_up, dead_letters, token)
              VALUES (NEW.as_of, NEW.caught_up_at, NEW.catching_up, NEW.dead_letters, NEW.token); RETURN NULL; END $$;
            CREATE TRIGGER remember AFTER INSERT OR UPDATE ON crossfade.replayer
              FOR EACH ROW EXECUTE FUNCTION remember();
            ALTER TABLE crossfade.replayer ENABLE ALWAYS TRIGGER remember""";

    /** Versions that only raise the token publish nothing. */
    private static final String PAIRS = """
            SELECT count(*) FROM (SELECT p.*,
                lag(as_of) OVER w AS as_of_before, lag(caught_up_at) OVER w AS caught_up_before,
                lag(catching_up) OVER w AS catching_up_before, lag(dead_letters) OVER w AS dead_letters_before,
                lag(token) OVER w AS token_before
              FROM (SELECT *, lag(token) OVER (ORDER BY n) IS DISTINCT FROM token AS raised FROM history) AS p
              WHERE NOT raised WINDOW w AS (ORDER BY n)) AS pair WHERE\s""";

    private final ReplayFixture sides = ReplayFixture.withTables(TABLE, NARROW);

    @AfterEach
    void close() {
        sides.close();
    }

    @Test
    void aRedGroupHasNoLeaseAndEveryInstanceKnowsForHowLong() {
        Replayer leader = sides.start(SETTINGS);
        sides.replayed(leader);
        leased();
        Replayer follower = sides.start(SETTINGS);
        ReplayFixture.await("the follower knows of the lease", () -> hasLease(follower));
        sides.red = true;
        ReplayFixture.await("no renewal goes on with the lease", () -> isKnownToBeUnread(leader));
        ReplayFixture.await("the follower knows of it", () -> isKnownToBeUnread(follower));
        sides.authority.execute("INSERT INTO items VALUES (1, 'a')");
        sides.replayed(leader);
        assertThat(leader.progress("shop").caughtUpAt()).as("nor does a batch").isNull();
        assertThat(leader.progress("shop").behind()).isFalse();
        sides.red = false;
        ReplayFixture.await("it returns", () -> hasLease(leader) && hasLease(follower));
        leased();
    }

    private static boolean hasLease(Replayer replayer) {
        return replayer.progress("shop").caughtUpAt() != null
                && replayer.progress("shop").behindSinceNanos() == 0;
    }

    private static boolean isKnownToBeUnread(Replayer replayer) {
        return replayer.progress("shop").caughtUpAt() == null
                && replayer.progress("shop").behindSinceNanos() != 0;
    }

    @Test
    void aNewOfficeDoesNotGoOnWithTheLeaseOfTheOneBefore() {
        Replayer leader = sides.start(SETTINGS);
        sides.replayed(leader);
        leased();
        String lease = "SELECT caught_up_at FROM crossfade.replayer";
        String before = sides.shadow.value(lease);
        List<String> token = sides.shadow.rows("SELECT token FROM crossfade.replayer");
        sides.shadow.execute("ALTER TABLE items ADD extra text");
        ReplayFixture.await(
                "another office",
                () -> !sides.shadow.rows("SELECT token FROM crossfade.replayer").equals(token));
        sides.replayed(leader);
        leased();
        assertThat(sides.shadow.value(lease)).isNotEqualTo(before);
    }

    @Test
    void anEntryThatIsWrittenOutFirstEndsTheLease() {
        sides.authority.execute("INSERT INTO items VALUES (1, 'a')");
        Replayer leader = sides.start(SETTINGS);
        sides.replayed(leader);
        leased();
        String before = sides.shadow.value("SELECT caught_up_at FROM crossfade.replayer");
        sides.authority.execute("INSERT INTO crossfade.journal (repository, kind, bypass)"
                + " SELECT id, 'resync', false FROM crossfade.repository");
        sides.replayed(leader);
        leased();
        assertThat(sides.shadow.value("SELECT caught_up_at FROM crossfade.replayer"))
                .isNotEqualTo(before);
    }

    @Test
    void theLeaseBeginsWithTheSecondStateAndEndsWithEveryGap() throws Exception {
        sides.shadow.execute(HISTORY);
        Replayer first = sides.start(SETTINGS);
        leased();
        sides.authority.execute("INSERT INTO items SELECT i, 'a' FROM generate_series(1, 1000) i");
        sides.replayed(first);
        leased();
        sides.authority.execute("INSERT INTO items VALUES (2000, 'too long')");
        sides.replayed(first);
        assertThat(first.progress("shop").deadLetters()).isEqualTo(1);
        assertThat(first.progress("shop").caughtUpAt()).isNull();
        assertThat(first.progress("shop").behindSinceNanos()).isNotZero();
        sides.authority.execute("UPDATE items SET name = 'short' WHERE id = 2000");
        leased();
        assertThat(first.stop().await(20, TimeUnit.SECONDS)).isNull();
        ReplayFixture.await("the last moment is long past", this::gapHasPassed);
        Replayer second = sides.start(SETTINGS);
        sides.replayed(second);
        leased();
        ReplayFixture.await(
                "it is known here",
                () -> second.progress("shop").caughtUpAt() != null
                        && second.progress("shop").behindSinceNanos() == 0);

        assertThat(pairs("caught_up_at IS NOT NULL AND caught_up_before IS NULL"))
                .isGreaterThanOrEqualTo(4);
        assertThat(pairs("catching_up AND caught_up_before IS NOT NULL")).isPositive();
        assertThat(pairs("dead_letters > 0")).isPositive();
        String late = "as_of - as_of_before > interval '" + GAP.toMillis() + " milliseconds'";
        assertThat(pairs(late)).isPositive();

        assertThat(pairs("caught_up_at IS NOT NULL AND (catching_up OR dead_letters > 0)"))
                .as("a lease while behind")
                .isZero();
        assertThat(pairs("caught_up_at IS NOT NULL AND caught_up_before IS NULL AND (as_of_before IS NULL"
                        + " OR catching_up_before OR dead_letters_before > 0 OR token <> token_before"
                        + " OR caught_up_at <> as_of OR as_of <= as_of_before)"))
                .as("a lease that began with the first state")
                .isZero();
        assertThat(pairs("caught_up_at IS NOT NULL AND " + late))
                .as("a lease that outlived a gap")
                .isZero();
        assertThat(pairs("caught_up_at IS NOT NULL AND caught_up_before IS NOT NULL"
                        + " AND caught_up_at <> caught_up_before"))
                .as("a lease that was moved")
                .isZero();
        assertThat(pairs("catching_up AND as_of <> as_of_before"))
                .as("a moment of a state that is no whole one")
                .isZero();
    }

    @Test
    void aLeaderThatWasSilentForTooLongBeginsAnotherLease() {
        // It looks by itself once, and then only when it is asked.
        Replayer leader = sides.start(SETTINGS.withPoll(Duration.ofMinutes(10), GAP));
        ReplayFixture.await("a lease", () -> {
            sides.replayed(leader);
            return leader.progress("shop").caughtUpAt() != null;
        });
        ReplayFixture.await("the last moment is long past", this::gapHasPassed);
        sides.replayed(leader);
        assertThat(leader.progress("shop").caughtUpAt()).isNull();
        assertThat(sides.shadow.number("SELECT count(*) FROM crossfade.replayer WHERE caught_up_at IS NOT NULL"))
                .isZero();
        ReplayFixture.await("another lease", () -> {
            sides.replayed(leader);
            return leader.progress("shop").caughtUpAt() != null;
        });
    }

    @Test
    void aRenewalAfterTooLongASilenceEndsTheLease() throws Exception {
        sides.shadow.execute(HISTORY);
        Replayer leader = sides.start(SETTINGS);
        sides.replayed(leader);
        leased();
        try (Connection holder = sides.shadow.session();
                Statement hold = holder.createStatement()) {
            holder.setAutoCommit(false);
            hold.execute("SELECT FROM crossfade.replayer FOR UPDATE");
            ReplayFixture.await("the last moment is long past", this::gapHasPassed);
            holder.rollback();
        }
        String late = "as_of - as_of_before > interval '" + GAP.toMillis() + " milliseconds'";
        ReplayFixture.await("it is renewed", () -> pairs(late) > 0);
        leased();
        assertThat(pairs("caught_up_at IS NOT NULL AND " + late)).isZero();
    }

    @Test
    void aMomentBeforeTheLastOneEndsTheLease() {
        sides.shadow.execute(HISTORY);
        Replayer leader = sides.start(SETTINGS);
        sides.replayed(leader);
        leased();
        sides.shadow.execute("UPDATE crossfade.replayer SET as_of = as_of + interval '1 hour'");
        ReplayFixture.await("it is renewed", () -> pairs("as_of < as_of_before") > 0);
        leased();
        assertThat(pairs("caught_up_at IS NOT NULL AND as_of < as_of_before")).isZero();
    }

    @Test
    void aBatchOfAMomentBeforeTheLastOneEndsTheLease() {
        // It looks by itself once, and then only when it is asked.
        Replayer leader = sides.start(SETTINGS.withPoll(Duration.ofMinutes(10), Duration.ofMinutes(10)));
        ReplayFixture.await("a lease", () -> {
            sides.replayed(leader);
            return leader.progress("shop").caughtUpAt() != null;
        });
        sides.shadow.execute("UPDATE crossfade.replayer SET as_of = as_of + interval '1 hour'");
        sides.replayed(leader);
        assertThat(leader.progress("shop").caughtUpAt()).isNull();
        assertThat(sides.shadow.number("SELECT count(*) FROM crossfade.replayer WHERE caught_up_at IS NULL"))
                .isEqualTo(1);
    }

    private void leased() {
        ReplayFixture.await(
                "a lease",
                () -> sides.shadow.number("SELECT count(*) FROM crossfade.replayer WHERE caught_up_at IS NOT NULL") == 1
                        && sides.authority.number("SELECT count(*) FROM crossfade.journal") == 0);
    }

    private boolean gapHasPassed() {
        String asOf = sides.shadow.value("SELECT as_of FROM crossfade.replayer");
        return sides.authority.number("SELECT count(*) WHERE clock_timestamp() - timestamptz '" + asOf
                        + "' > interval '" + (GAP.toMillis() + 100) + " milliseconds'")
                == 1;
    }

    private long pairs(String condition) {
        return sides.shadow.number(PAIRS + condition);
    }
}
