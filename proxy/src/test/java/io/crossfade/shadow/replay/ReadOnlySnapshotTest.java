package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reading the authority changes nothing there, whatever somebody has put into the way from a value to its text. */
class ReadOnlySnapshotTest {
    private static final String AUTHORITY = """
            CREATE TABLE told (mood text);
            ALTER TABLE told ADD PRIMARY KEY (mood);
            CREATE TYPE mood AS ENUM ('fine', 'low');
            CREATE FUNCTION tell(mood) RETURNS text LANGUAGE plpgsql AS
              $$ BEGIN INSERT INTO public.told VALUES ('written'); RETURN enum_out($1); END $$;
            CREATE CAST (mood AS text) WITH FUNCTION tell(mood);
            CREATE TABLE moods (id integer PRIMARY KEY, mood mood)""";

    private static final String SHADOW =
            "CREATE TABLE told (mood text PRIMARY KEY); CREATE TABLE moods (id integer PRIMARY KEY, mood text)";

    private final ReplayFixture sides = ReplayFixture.withTables(AUTHORITY, SHADOW);

    @AfterEach
    void close() {
        sides.close();
    }

    @Test
    void aCastThatWritesIsRefusedAndSaid() {
        sides.authority.execute("INSERT INTO moods VALUES (1, 'fine')");
        Replayer replayer = sides.start();
        ReplayFixture.await(
                "it says so, or has read the row",
                () -> replayer.progress("shop").problem() != null
                        || sides.shadow.number("SELECT count(*) FROM moods") == 1);
        assertThat(sides.authority.rows("SELECT * FROM told")).isEmpty();
        assertThat(replayer.progress("shop").problem()).contains("25006");
    }
}
