package io.crossfade.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Stage;
import io.crossfade.settings.FreshnessSettings;
import io.crossfade.settings.FreshnessSettings.StaleReads;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.Settings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import io.crossfade.testing.Stages;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An operator moves reads through the admin API; callers notice nothing but who answers. */
class RolloutTest {
    private static final int PEOPLE = 200;

    /** Each server's rows tell which one it is. */
    @RegisterExtension
    static final CrossfadeExtension crossfade = CrossfadeExtension.withSql(
                    "CREATE TABLE people (phone text PRIMARY KEY, name text); INSERT INTO people"
                            + " SELECT '7900' || n, system_identifier FROM generate_series(1, 200) AS n, pg_control_system()")
            .withBothSidesEqual()
            .configured(RolloutTest::withALongLease);

    private static String nameOf(String side) {
        return (side.equals("legacy") ? crossfade.legacy() : crossfade.target())
                .value("SELECT system_identifier::text FROM pg_control_system()");
    }

    /** Long enough for a busy machine to keep the lease while everybody is asked. */
    private static Settings withALongLease(Settings usual) {
        FreshnessSettings lease =
                new FreshnessSettings(null, Duration.ofSeconds(10), Duration.ofSeconds(4), StaleReads.REFUSED);
        return new Settings(
                usual.legacy(),
                usual.target(),
                usual.rest(),
                usual.admin(),
                Map.of("people", RepositorySettings.DEFAULTS.with(lease)),
                usual.pins());
    }

    @AfterEach
    void moveBack() {
        move("{\"stage\":\"off\"}").expectStatus(200);
    }

    @Test
    void withoutARolloutEveryCallIsAnsweredByLegacy() {
        assertThat(answeredByTarget()).isEmpty();
    }

    @Test
    void atAHundredPercentEveryReadIsAnsweredByTarget() {
        moveAndAwaitTheLease("{\"rollout\":100}");
        assertThat(answeredByTarget()).hasSize(PEOPLE);
    }

    @Test
    void aRolloutAnswersItsShareAndRaisingItOnlyAddsPeople() {
        moveAndAwaitTheLease("{\"rollout\":25}");
        Set<String> quarter = answeredByTarget();
        assertThat(quarter.size()).isBetween(25, 75);
        assertThat(answeredByTarget()).as("the same people are asked again").isEqualTo(quarter);
        move("{\"rollout\":60}").expectStatus(200);
        Set<String> more = answeredByTarget();
        assertThat(more).containsAll(quarter).hasSizeBetween(90, 150);
    }

    @Test
    void aRolloutBackToZeroIsInForceWithTheNextCall() {
        moveAndAwaitTheLease("{\"rollout\":100}");
        assertThat(answeredByTarget()).hasSize(PEOPLE);
        move("{\"rollout\":0}").expectStatus(200);
        assertThat(answeredByTarget()).isEmpty();
    }

    @Test
    void writesStayWithTheAuthorityWhateverTheRollout() {
        moveAndAwaitTheLease("{\"rollout\":100}");
        RestResponse written = crossfade
                .rest()
                .request("POST", "/people")
                .json("{\"phone\":\"new\",\"name\":\"legacy\"}")
                .send()
                .expectStatus(201);
        assertThat(written.header("X-Crossfade-Side")).isEqualTo("legacy");
        assertThat(crossfade.legacy().number("SELECT count(*) FROM people WHERE phone = 'new'"))
                .isEqualTo(1);
        crossfade.rest().delete("/people?phone=eq.new").expectStatus(204);
    }

    @Test
    void anOperationCanHaveAShareOfItsOwn() {
        moveAndAwaitTheLease("{\"rollout\":{\"findOne\":100,\"findMany\":0}}");
        // On a slow machine the shadow may be too old for a moment, and then the authority answers.
        CounterRig.await("one row comes from the target", () -> {
            RestResponse one = crossfade
                    .rest()
                    .request("GET", "/people?select=name&phone=eq.79001")
                    .single()
                    .send()
                    .expectStatus(200);
            return one.body().equals("{\"name\":\"" + nameOf("target") + "\"}");
        });
        RestResponse many = crossfade.rest().get("/people?select=name&phone=eq.79001");
        assertThat(many.expectStatus(200).body()).isEqualTo("[{\"name\":\"" + nameOf("legacy") + "\"}]");
    }

    private static Set<String> answeredByTarget() {
        Set<String> target = new TreeSet<>();
        Map<String, String> names = Map.of("legacy", nameOf("legacy"), "target", nameOf("target"));
        for (int n = 1; n <= PEOPLE; n++) {
            RestResponse answer = crossfade.rest().get("/people?select=name&phone=eq.7900" + n);
            String side = answer.expectStatus(200).header("X-Crossfade-Side");
            assertThat(answer.body()).isEqualTo("[{\"name\":\"" + names.get(side) + "\"}]");
            if (side.equals("target")) {
                target.add("7900" + n);
            }
        }
        return target;
    }

    /** A move that holds from the first read on, because the lease is there before it. */
    private static void moveAndAwaitTheLease(String change) {
        Stages.forward(crossfade.proxy(), "people", Stage.ROLLOUT);
        move("{\"rollout\":100}").expectStatus(200);
        CounterRig.await(
                "the target answers",
                () -> crossfade
                        .rest()
                        .get("/people?select=name&phone=eq.79001")
                        .header("X-Crossfade-Side")
                        .equals("target"));
        move(change).expectStatus(200);
    }

    private static RestResponse move(String change) {
        return admin().request("PATCH", "/repositories/people")
                .header("Authorization", "Bearer " + CrossfadeExtension.ADMIN_TOKEN)
                .json(change)
                .send();
    }

    private static RestClient admin() {
        return new RestClient("http://127.0.0.1:" + crossfade.proxy().adminPort() + "/api");
    }
}
