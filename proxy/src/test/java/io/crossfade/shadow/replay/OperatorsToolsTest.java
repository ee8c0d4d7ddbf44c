package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import io.crossfade.shadow.replay.DeadLetters.DeadLetter;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.crossfade.testing.CrossfadeExtension;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators and a cutover do beside the replay. */
class OperatorsToolsTest {
    private static final String TABLES = """
            CREATE TABLE "Orders" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, no serial);
            CREATE SEQUENCE down INCREMENT -2 MAXVALUE 0 MINVALUE -1000;
            CREATE TABLE debts (id integer PRIMARY KEY DEFAULT nextval('down'))""";

    private final ReplayFixture sides = ReplayFixture.withTables(TABLES);
    private final Sides databases = Sides.open(
            sides.vertx, CrossfadeExtension.settings(sides.authority, sides.shadow), sides.observations::add);

    @AfterEach
    void close() throws Exception {
        databases.close().await(10, TimeUnit.SECONDS);
        sides.close();
    }

    @Test
    void sequencesAreRaisedAndNeverSetBack() throws Exception {
        sides.authority.execute("SELECT setval('\"Orders_id_seq\"', 500), setval('down', -100)");
        sides.shadow.execute("SELECT setval('\"Orders_no_seq\"', 9000)");
        assertThat(raise()).isEqualTo(2);
        assertThat(sides.shadow.number("SELECT nextval('\"Orders_id_seq\"')")).isEqualTo(512);
        assertThat(sides.shadow.number("SELECT nextval('\"Orders_no_seq\"')")).isEqualTo(9001);
        assertThat(sides.shadow.number("SELECT nextval('down')")).isEqualTo(-124);
        assertThat(raise()).isZero();
    }

    @Test
    void deadLettersAreListedTriedAgainAndGivenUp() throws Exception {
        DeadLetters letters = new DeadLetters(database(Side.TARGET));
        sides.shadow.execute("INSERT INTO crossfade.dead_letter (repository, key, sqlstate, problem, next_try_at)"
                + " VALUES ('debts', '{1}', '23514', 'a check refuses it', now() + interval '1 day')");
        List<DeadLetter> listed =
                letters.list(null, 10).await(10, TimeUnit.SECONDS).letters();
        assertThat(listed).extracting(letter -> letter.key().get(0).length()).containsExactly(1);
        long id = listed.get(0).id();
        assertThat(letters.retry(id).await(10, TimeUnit.SECONDS)).contains("debts");
        assertThat(sides.shadow.number("SELECT count(*) FROM crossfade.dead_letter WHERE next_try_at <= now()"))
                .isEqualTo(1);
        assertThat(letters.discard(id).await(10, TimeUnit.SECONDS)).contains("debts");
        assertThat(letters.discard(id).await(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(letters.list(null, 10).await(10, TimeUnit.SECONDS).total()).isZero();
    }

    private int raise() throws Exception {
        return Sequences.raise(database(Side.LEGACY), database(Side.TARGET), "shop", 10)
                .await(10, TimeUnit.SECONDS);
    }

    private Database database(Side side) {
        return databases.find(side).orElseThrow();
    }
}
