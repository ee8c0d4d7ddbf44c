package io.crossfade.mismatch;

import static io.crossfade.mismatch.MismatchRig.NAME;
import static io.crossfade.mismatch.MismatchRig.PHONE;
import static io.crossfade.mismatch.MismatchRig.await;
import static io.crossfade.mismatch.MismatchRig.compared;
import static io.crossfade.mismatch.MismatchRig.differingName;
import static io.crossfade.mismatch.MismatchRig.json;
import static io.crossfade.mismatch.MismatchRig.kept;
import static io.crossfade.mismatch.MismatchRig.mismatch;
import static io.crossfade.mismatch.MismatchRig.store;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.Crossfade;
import io.crossfade.comparison.Difference;
import io.crossfade.comparison.MismatchKind;
import io.crossfade.observation.Observation.ReadCompared.Verdict;
import io.crossfade.observation.Observation.WriteMismatch;
import io.crossfade.settings.MismatchSettings;
import io.crossfade.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What becomes of a mismatch that was found. */
class KeptMismatchesTest {
    private static final String SAMPLES = "SELECT coalesce(string_agg(samples::text, ''), '') FROM crossfade.mismatch";

    private @Nullable MismatchRig rig;

    @AfterEach
    void close() {
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void oneOfTwoProxiesAddsToWhatTheOtherHasFoundAndBothSidesHoldIt() {
        MismatchRig rig = open(MismatchSettings.DEFAULTS);
        Crossfade one = rig.start();
        Crossfade other = rig.start();
        for (int i = 0; i < 5; i++) {
            differingName(one, true, PHONE + i);
            differingName(other, true, PHONE + i);
        }
        differingName(other, false, PHONE);
        store(one).observe(new WriteMismatch("services", List.of("title")));
        rig.awaitKept("clients value {name} 1 10", "services write {title} 0 1");

        JsonNode found = rig.get(one, "/mismatches?repository=clients").json();
        assertThat(found.path("total").asInt()).isEqualTo(1);
        JsonNode group = found.path("mismatches").get(0);
        assertThat(group.path("state").asText()).isEqualTo("confirmed");
        assertThat(group.path("confirmed").asInt()).isEqualTo(10);
        assertThat(group.path("shape").asText()).isEqualTo("findOne clients phone=eq");
        assertThat(rig.get(other, "/mismatches/" + group.path("id").asText())
                        .json()
                        .path("samples"))
                .as("bounded, and of one row one")
                .hasSizeBetween(Pending.MOST_SAMPLES, 5);
    }

    @Test
    void noValueIsKeptToldOrLoggedAndEqualOnesLookEqual() {
        Queue<String> logged = new ConcurrentLinkedQueue<>();
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                logged.add(event.getFormattedMessage() + " " + event.getThrowableProxy());
            }
        };
        appender.start();
        root.addAppender(appender);
        Logger ours = (Logger) LoggerFactory.getLogger("io.crossfade");
        ours.setLevel(Level.TRACE);
        try {
            MismatchRig rig = open(MismatchSettings.DEFAULTS);
            Crossfade proxy = rig.start();
            store(proxy)
                    .accept(mismatch(
                            "clients",
                            true,
                            MismatchRig.value(PHONE, "name", NAME, "Другова"),
                            new Difference(
                                    MismatchKind.MISSING,
                                    json("{\"phone\":\"" + PHONE + "\"}"),
                                    List.of(),
                                    json("{\"phone\":\"" + PHONE + "\",\"vip\":true,\"visits\":4711,\"tags\":[\"" + NAME
                                            + "\"],\"left\":null}"),
                                    null),
                            new Difference(MismatchKind.ERROR, null, List.of(), null, json("\"42P01\""))));
            rig.awaitKept("clients error {} 0 1", "clients missing {} 0 1", "clients value {name} 0 1");

            StringBuilder told = new StringBuilder(rig.get(proxy, "/mismatches").body());
            for (JsonNode group : rig.get(proxy, "/mismatches").json().path("mismatches")) {
                told.append(rig.get(proxy, "/mismatches/" + group.path("id").asText())
                        .body());
            }
            for (String text : List.of(
                    told.toString(), rig.legacy.value(SAMPLES), rig.target.value(SAMPLES), String.join("\n", logged))) {
                assertThat(text).doesNotContain("7999", NAME, "Другова", "4711");
            }
            assertThat(told)
                    .contains("42P01")
                    .contains("{\"hash\":null,\"type\":\"boolean\",\"value\":null,\"column\":\"vip\",\"length\":null}");
            assertThat(hashesOfPhones(rig.legacy)).hasSize(1);
            assertThat(hashesOfPhones(rig.target)).hasSize(1).doesNotContainAnyElementsOf(hashesOfPhones(rig.legacy));
            assertThat(rig.legacy.value("SELECT left(encode(sha256(convert_to(secret || '" + PHONE
                            + "', 'UTF8')), 'hex'), 8) FROM crossfade.mask"))
                    .as("the same as that of a dead letter")
                    .isEqualTo(hashesOfPhones(rig.legacy).get(0));
        } finally {
            ours.setLevel(null);
            root.detachAppender(appender);
        }
    }

    @Test
    void valuesAreKeptWhereTheConfigurationAsksForThemAndNowhereElse() {
        MismatchRig rig = open(new MismatchSettings(false, Map.of("services", true), Duration.ofDays(14), 1_000));
        Crossfade proxy = rig.start();
        differingName(proxy, true, PHONE);
        store(proxy)
                .accept(mismatch(
                        "services",
                        true,
                        new Difference(
                                MismatchKind.VALUE,
                                json("{\"id\":1}"),
                                List.of("title"),
                                json("{\"id\":1,\"title\":\"haircut\"}"),
                                json("{\"id\":1,\"title\":\"shave\"}"))));
        rig.awaitKept("clients value {name} 0 1", "services value {title} 0 1");
        assertThat(rig.legacy.value(SAMPLES)).contains("haircut", "shave").doesNotContain(NAME, "7999");
    }

    @Test
    void aSideThatIsAwayGetsAllOfItOnceWhenItIsBack() {
        MismatchRig rig = open(MismatchSettings.DEFAULTS);
        Crossfade proxy = rig.start();
        rig.toTarget.cut();
        for (int i = 0; i < 30; i++) {
            differingName(proxy, true, PHONE + i);
        }
        compared(proxy, "clients", 30, Verdict.MISMATCHED);
        await("legacy has it", () -> kept(rig.legacy).equals(List.of("clients value {name} 0 30")));
        assertThat(rig.get(proxy, "/mismatches")
                        .json()
                        .path("notAsked")
                        .get(0)
                        .path("side")
                        .asText())
                .isEqualTo("target");
        differingName(proxy, true, PHONE);
        rig.toTarget.restore();
        rig.awaitKept("clients value {name} 0 31");
        await("the target has counted", () -> reads(rig.target) == 30);
    }

    @Test
    void aBatchWhoseAnswerWasLostIsNotCountedTwice() {
        MismatchRig rig = open(MismatchSettings.DEFAULTS);
        Crossfade proxy = rig.start();
        differingName(proxy, true, PHONE);
        rig.awaitKept("clients value {name} 0 1");
        rig.legacy.execute("CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS"
                + " $$BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END$$;"
                + "CREATE TRIGGER slow AFTER UPDATE ON crossfade.comparer FOR EACH ROW EXECUTE FUNCTION slow()");
        differingName(proxy, true, PHONE);
        String sending = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state = 'active'"
                + " AND query LIKE '%INTO crossfade.comparer%' AND pid <> pg_backend_pid()";
        await("the batch is being written", () -> rig.legacy.number(sending) > 0);
        rig.toLegacy.sever();
        await("it is written", () -> kept(rig.legacy).equals(List.of("clients value {name} 0 2")));
        String batch = "SELECT batch FROM crossfade.comparer";
        long written = rig.legacy.number(batch);
        differingName(proxy, true, PHONE);
        // Whatever was sent again was sent before the next one.
        await("the next one is written", () -> rig.legacy.number(batch) > written);
        assertThat(kept(rig.legacy)).containsExactly("clients value {name} 0 3");
    }

    @Test
    void whatWasFoundOutlivesTheProxyAndTheLastOfItIsWrittenWhenItStops() {
        MismatchRig rig = open(MismatchSettings.DEFAULTS);
        Crossfade proxy = rig.start();
        differingName(proxy, true, PHONE);
        rig.stop(proxy);
        assertThat(kept(rig.legacy)).containsExactly("clients value {name} 0 1");
        assertThat(kept(rig.target)).containsExactly("clients value {name} 0 1");
        Crossfade next = rig.start();
        assertThat(rig.get(next, "/mismatches").json().path("total").asInt()).isEqualTo(1);
        differingName(next, true, PHONE);
        rig.awaitKept("clients value {name} 0 2");
    }

    @Test
    void whereThereAreTooManyTheResolvedGoFirstThenTheTransientThenTheOldestAndThatIsCounted() {
        MismatchRig rig = open(new MismatchSettings(false, Map.of(), Duration.ofDays(14), 3));
        Crossfade proxy = rig.start();
        for (String column : List.of("c1", "c2", "c3")) {
            found(proxy, column, true);
        }
        rig.awaitKept("clients value {c1} 0 1", "clients value {c2} 0 1", "clients value {c3} 0 1");
        String id = rig.legacy.value("SELECT id FROM crossfade.mismatch WHERE columns = '{c3}'");
        rig.request(proxy, "POST", "/mismatches/" + id + "/resolve", "{\"reason\":\"mended\"}")
                .expectStatus(200);
        String equalAgain = rig.legacy.value("SELECT id FROM crossfade.mismatch WHERE columns = '{c1}'");
        store(proxy).desk().agrees(equalAgain, Instant.now()).await();
        found(proxy, "c4", false);
        rig.awaitKept("clients value {c1} 0 1", "clients value {c2} 0 1", "clients value {c4} 1 0");
        found(proxy, "c5", true);
        rig.awaitKept("clients value {c1} 0 1", "clients value {c2} 0 1", "clients value {c5} 0 1");
        found(proxy, "c6", true);
        rig.awaitKept("clients value {c2} 0 1", "clients value {c5} 0 1", "clients value {c6} 0 1");
        await("what was dropped is counted", () -> {
            JsonNode dropped = rig.get(proxy, "/mismatches").json().path("dropped");
            return dropped.path("transient").asInt() == 1
                    && dropped.path("confirmed").asInt() == 1;
        });
    }

    @Test
    void whatIsOldAndNoMoreIsForgottenAndWhatIsConfirmedIsNot() {
        MismatchRig rig = open(MismatchSettings.DEFAULTS);
        Crossfade proxy = rig.start();
        found(proxy, "c1", true);
        found(proxy, "c2", true);
        found(proxy, "c3", false);
        compared(proxy, "clients", 3, Verdict.MATCHED);
        rig.awaitKept("clients value {c1} 0 1", "clients value {c2} 0 1", "clients value {c3} 1 0");
        String id = rig.legacy.value("SELECT id FROM crossfade.mismatch WHERE columns = '{c2}'");
        rig.request(proxy, "POST", "/mismatches/" + id + "/resolve", "{\"reason\":\"mended\"}")
                .expectStatus(200);
        await("both have counted", () -> reads(rig.legacy) == 3 && reads(rig.target) == 3);
        for (TestDatabase side : List.of(rig.legacy, rig.target)) {
            side.execute("UPDATE crossfade.mismatch SET last_seen_at = last_seen_at - interval '15 days';"
                    + "UPDATE crossfade.compared SET begins = begins - interval '3 hours'");
        }
        store(proxy).tidy().await();
        rig.awaitKept("clients value {c1} 0 1");
        assertThat(rig.legacy.rows("SELECT seconds FROM crossfade.compared")).containsExactly("3600");
    }

    @Test
    void moreThanCanBeHeldWhileBothSidesAreAwayIsCountedAndNoTransientOneTakesTheRoomOfAConfirmed() {
        MismatchRig rig = open(MismatchSettings.DEFAULTS);
        Crossfade proxy = rig.start();
        rig.toLegacy.cut();
        rig.toTarget.cut();
        for (int i = 0; i < Outbox.MOST_GROUPS + 100; i++) {
            found(proxy, "c" + i, false);
        }
        for (int i = 0; i < Outbox.MOST_GROUPS + 10; i++) {
            found(proxy, "d" + i, true);
        }
        rig.toLegacy.restore();
        rig.toTarget.restore();
        String held = "SELECT count(*) || ' ' || count(*) FILTER (WHERE confirmed > 0) FROM crossfade.mismatch";
        String dropped = "SELECT transient || ' ' || confirmed FROM crossfade.mismatch_dropped";
        for (TestDatabase side : List.of(rig.legacy, rig.target)) {
            await(
                    "written, but " + side.rows(held),
                    () -> side.number("SELECT count(*) FROM crossfade.mismatch WHERE confirmed > 0")
                                    + side.number("SELECT confirmed FROM crossfade.mismatch_dropped")
                            == Outbox.MOST_GROUPS + 10);
            long transients = side.number("SELECT count(*) FROM crossfade.mismatch WHERE confirmed = 0")
                    + side.number("SELECT transient FROM crossfade.mismatch_dropped");
            assertThat(transients)
                    .as("every one is kept or counted, " + side.rows(dropped))
                    .isEqualTo(600);
            assertThat(side.number("SELECT confirmed FROM crossfade.mismatch_dropped"))
                    .isPositive();
        }
    }

    @Test
    void aValueTooLargeToBeHeldIsNotHeld() {
        MismatchRig rig = open(MismatchSettings.DEFAULTS);
        Crossfade proxy = rig.start();
        store(proxy).accept(mismatch("clients", true, MismatchRig.value(PHONE, "name", "x".repeat(20_000), "y")));
        rig.awaitKept("clients value {name} 0 1");
        assertThat(rig.legacy.value("SELECT samples -> 0 -> 'authority' FROM crossfade.mismatch"))
                .isEqualTo("null");
    }

    private static void found(Crossfade proxy, String column, boolean confirmed) {
        store(proxy).accept(mismatch("clients", confirmed, MismatchRig.value(PHONE, column, "a", "b")));
    }

    private static List<String> hashesOfPhones(TestDatabase side) {
        return side.rows("SELECT DISTINCT k ->> 'hash' FROM crossfade.mismatch, jsonb_array_elements(samples) s,"
                + " jsonb_array_elements(s -> 'key') k WHERE s -> 'key' <> 'null'");
    }

    private static long reads(TestDatabase side) {
        return side.number("SELECT coalesce(sum(reads), 0) FROM crossfade.compared WHERE seconds = 3600");
    }

    private MismatchRig open(MismatchSettings kept) {
        MismatchRig opened = MismatchRig.with(kept);
        rig = opened;
        return opened;
    }
}
