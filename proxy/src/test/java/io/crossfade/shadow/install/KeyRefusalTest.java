package io.crossfade.shadow.install;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import io.crossfade.settings.Settings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A key by which a row cannot be found again for certain, on either side, is refused with its remedy. */
class KeyRefusalTest {
    private static final String THERE = """
            CREATE TABLE apart (a int NOT NULL, "order" int NOT NULL, PRIMARY KEY (a));
            CREATE TABLE reordered (a int, b int, PRIMARY KEY (b, a));
            CREATE TABLE merely_unique (id int PRIMARY KEY, "order" int NOT NULL UNIQUE);
            """;

    @RegisterExtension
    static final InstallRig rig = InstallRig.with("""
            CREATE EXTENSION citext;
            CREATE DOMAIN email AS citext;
            CREATE TABLE insensitive (id citext PRIMARY KEY);
            CREATE TABLE disguised (id email PRIMARY KEY);
            CREATE TABLE apart (a int NOT NULL, "order" int NOT NULL, PRIMARY KEY (a, "order"));
            CREATE TABLE reordered (a int, b int, PRIMARY KEY (a, b));
            CREATE TABLE merely_unique (id int, "order" int PRIMARY KEY);
            """);

    @Test
    void aKeyWhoseTypeComesFromAnExtensionIsRefused() throws Exception {
        assertThat(rig.install("insensitive", "disguised").refusals())
                .extracting(Refusal::subject)
                .containsExactly("public.insensitive", "public.disguised");
        assertThat(rig.install("insensitive").refusals().get(0).problem()).contains("citext");
    }

    @Test
    void aKeyThatTheOtherSideCannotFindIsRefusedWithTheIndexThatMendsIt() {
        TestDatabase there = PostgresServers.target().database(List.of(THERE));
        Settings settings = CrossfadeExtension.settings(rig.database(), there);
        List<String> names = List.of("apart", "reordered", "merely_unique");
        Installation installation =
                Installation.open(rig.vertx(), settings, names).await();
        Map<Side, Plan> plans =
                installation.apply().eventually(installation::close).await();
        assertThat(requireNonNull(plans.get(Side.TARGET)).refusals())
                .extracting(Refusal::remedy)
                .containsExactly("CREATE UNIQUE INDEX ON public.apart (\"a\", \"order\");");
        assertThat(requireNonNull(plans.get(Side.LEGACY)).refusals()).isEmpty();
        assertThat(rig.database().value("SELECT to_regnamespace('crossfade')")).isEqualTo("null");
        there.drop();
    }
}
