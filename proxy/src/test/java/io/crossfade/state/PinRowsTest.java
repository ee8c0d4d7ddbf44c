package io.crossfade.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import io.crossfade.state.StateRows.Statements;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnection;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one side keeps of the decisions about keys, in whatever order it hears of them. */
class PinRowsTest {
    private static final String ROW = "SELECT coalesce(side, 'none'), version, changed_by FROM crossfade.pin";
    private static final OffsetDateTime NOW = OffsetDateTime.of(2026, 11, 22, 12, 0, 0, 0, ZoneOffset.UTC);

    private final Vertx vertx = Vertx.vertx();
    private TestDatabase legacy;
    private TestDatabase target;
    private PgConnection connection;

    @BeforeEach
    void open() {
        List<String> table = List.of("CREATE TABLE notes (id integer PRIMARY KEY)");
        legacy = PostgresServers.legacy().database(table);
        target = PostgresServers.target().database(table);
        CrossfadeExtension.install(vertx, CrossfadeExtension.settings(legacy, target));
        connection = PgConnection.connect(vertx, legacy.connectOptions()).await();
    }

    @AfterEach
    void close() {
        connection.close().await();
        vertx.close().await();
        legacy.drop();
        target.drop();
    }

    @Test
    void aLateCopyOfAnOlderDecisionDoesNotUndoANewerOne() {
        write(pin(Side.TARGET, 2, "anna"));
        write(pin(Side.LEGACY, 1, "boris"));
        assertThat(legacy.rows(ROW)).containsExactly("target|2|anna");
        write(pin(null, 3, "boris"));
        assertThat(legacy.rows(ROW)).containsExactly("none|3|boris");
    }

    @Test
    void ofTwoDecisionsOfOneMomentTheSameOneStaysWhicheverComesFirst() {
        for (List<Side> order : List.of(List.of(Side.LEGACY, Side.TARGET), List.of(Side.TARGET, Side.LEGACY))) {
            legacy.execute("DELETE FROM crossfade.pin");
            order.forEach(side -> write(pin(side, 1, side.label())));
            assertThat(legacy.rows(ROW)).containsExactly("target|1|target");
        }
        write(pin(null, 1, "nobody"));
        assertThat(legacy.rows(ROW)).containsExactly("target|1|target");
    }

    private static Pin pin(@Nullable Side side, long version, String operator) {
        return new Pin("79000000001", side, version, operator, NOW);
    }

    private void write(Pin pin) {
        Statements statements = (sql, values) -> connection.preparedQuery(sql).execute(values);
        PinRows.write(statements, List.of(pin)).await();
    }
}
