package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.ReplayFailed;
import io.crossfade.settings.SideSettings;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An Error, which no database has sent, in the threads of the replay: it is told, and the replay goes on. */
class FaultsTest {
    private final ReplayFixture sides =
            ReplayFixture.withTables("CREATE TABLE items (id integer PRIMARY KEY, name text)");
    private final AtomicInteger faults = new AtomicInteger();

    @AfterEach
    void close() {
        sides.close();
    }

    @Test
    void anErrorInAWorkerIsToldAndTheGroupGoesOnWithoutLosingARow() {
        Replayer replayer = start(Observation.Replayed.class::isInstance, 2);
        sides.authority.execute("INSERT INTO items SELECT i, 'n' FROM generate_series(1, 10) i");
        sides.replayed(replayer);
        sides.authority.execute("UPDATE items SET name = 'm'");
        sides.replayed(replayer);
        sides.equal("SELECT * FROM items ORDER BY id");
        assertThat(faults).hasValue(2);
        assertThat(sides.observations).contains(new ReplayFailed("shop", "made up"));
    }

    @Test
    void anErrorWhileTheFaultIsToldDoesNotEndTheWorkerEither() {
        Replayer replayer = start(seen -> seen instanceof Observation.Replayed || seen instanceof ReplayFailed, 2);
        sides.authority.execute("INSERT INTO items SELECT i, 'n' FROM generate_series(1, 10) i");
        sides.replayed(replayer);
        sides.equal("SELECT * FROM items ORDER BY id");
        assertThat(faults).hasValue(2);
    }

    @Test
    void anErrorInTheWatchIsToldAndTheWatchBeginsAgain() {
        Replayer replayer = start(
                seen -> seen instanceof Observation.ReplayProgress
                        && Thread.currentThread().getName().endsWith("-watch"),
                3);
        ReplayFixture.await("the watch came upon it", () -> faults.get() == 3);
        sides.authority.execute("INSERT INTO items VALUES (1, 'found by looking')");
        ReplayFixture.await(
                "a write that nobody told of is found", () -> sides.shadow.number("SELECT count(*) FROM items") == 1);
        assertThat(sides.observations).contains(new ReplayFailed("shop", "made up"));
        assertThat(replayer.stop().await()).isNull();
    }

    /** A replayer whose observer throws at the first few of some observations. */
    private Replayer start(Predicate<Observation> at, int times) {
        Replayer replayer = sides.start(new Replayer(
                sides.vertx,
                Side.LEGACY,
                SideSettings.at(sides.authority.connectOptions()),
                SideSettings.at(sides.shadow.connectOptions()),
                ReplayFixture.SETTINGS,
                group -> false,
                seen -> {
                    if (at.test(seen) && faults.get() < times) {
                        faults.incrementAndGet();
                        throw new StackOverflowError("made up");
                    }
                    sides.observations.add(seen);
                }));
        replayer.add("shop");
        return replayer;
    }
}
