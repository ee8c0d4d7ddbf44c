package io.crossfade.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.Scripts;
import io.crossfade.testing.TestDatabase;
import io.vertx.pgclient.PgConnectOptions;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

class TableDifferencesTest {
    private TestDatabase legacy;
    private TestDatabase target;

    @BeforeEach
    void load() {
        legacy = PostgresServers.legacy().database(Scripts.bot());
        target = PostgresServers.target().database(Scripts.bot());
    }

    @AfterEach
    void drop() {
        legacy.drop();
        target.drop();
    }

    @Test
    void databasesThatWereJustLoadedDoNotDiffer() {
        assertThat(differences()).isEmpty();
    }

    @Test
    void aTableDiffersWhereOneValueOrOneRowDoesOrOneSideLacksIt() {
        legacy.execute("UPDATE services SET title = title || '!' WHERE id = (SELECT min(id) FROM services)");
        target.execute("DELETE FROM reminders WHERE id = (SELECT max(id) FROM reminders)");
        target.execute("CREATE TABLE \"Only here\" (note text)");
        assertThat(differences()).containsExactly("\"Only here\"", "reminders", "services");
    }

    @Test
    void theOrderInWhichRowsWereWrittenIsNoDifference() {
        for (TestDatabase database : List.of(legacy, target)) {
            database.execute("CREATE TABLE keyed (id integer PRIMARY KEY); CREATE TABLE bare (note text)");
        }
        legacy.execute("INSERT INTO keyed VALUES (1), (2); INSERT INTO bare VALUES ('a'), ('b')");
        target.execute("INSERT INTO keyed VALUES (2), (1); INSERT INTO bare VALUES ('b'), ('a')");
        assertThat(differences()).isEmpty();
    }

    private List<String> differences() {
        return TableDifferences.between(jdbc(legacy), jdbc(target));
    }

    private static DataSource jdbc(TestDatabase database) {
        PgConnectOptions at = database.connectOptions();
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {at.getHost()});
        source.setPortNumbers(new int[] {at.getPort()});
        source.setDatabaseName(at.getDatabase());
        source.setUser(at.getUser());
        source.setPassword(at.getPassword());
        return source;
    }
}
