package io.crossfade.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.CrossfadeExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A read changes nothing, whatever a view hides. */
class ReadOnlyViewTest {
    @RegisterExtension
    static final CrossfadeExtension crossfade = CrossfadeExtension.withSql(
            "CREATE TABLE visits (at timestamptz); CREATE FUNCTION visit() RETURNS integer LANGUAGE sql AS"
                    + " 'INSERT INTO visits VALUES (now()) RETURNING 1';"
                    + " CREATE VIEW counted AS SELECT visit() AS visited; CREATE VIEW plain AS SELECT 1 AS one");

    @Test
    void aViewThatWritesIsRefused() {
        crossfade.rest().get("/counted").expectError(405, "25006");
        assertThat(crossfade.legacy().number("SELECT count(*) FROM visits")).isZero();
    }

    @Test
    void aViewThatOnlyReadsIsRead() {
        crossfade.rest().get("/plain").expectStatus(200).expectBody("[{\"one\":1}]");
    }
}
