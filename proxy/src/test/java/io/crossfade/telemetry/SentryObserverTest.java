package io.crossfade.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.AuthorityForced;
import io.crossfade.observation.Observation.CaptureBroken;
import io.crossfade.observation.Observation.GuardrailBreached;
import io.crossfade.observation.Observation.JournalAlarm;
import io.crossfade.observation.Observation.MismatchFirstSeen;
import io.crossfade.observation.Observation.Replayed;
import io.crossfade.observation.Observation.RetiredSideUsed;
import io.crossfade.observation.Observation.RowsGone;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.settings.TelemetrySettings;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What Sentry receives, over the wire. */
class SentryObserverTest {
    private static final String PHONE = "+79995550142";
    private static final TelemetrySettings SETTINGS = new TelemetrySettings(null, "staging", null);

    private final Vertx vertx = Vertx.vertx();
    private final FakeSentry sentry = new FakeSentry(vertx);

    @AfterEach
    void close() {
        sentry.close();
        vertx.close().await();
    }

    @Test
    void everyEventThatAPersonShouldSeeArrivesAndNothingElse() {
        send(
                new MismatchFirstSeen("clients", "value", "name", "select name from clients where phone = ?"),
                new GuardrailBreached("clients", "errors", "3 % against 0 %", GuardrailBreached.Action.STEPPED_BACK),
                new AuthorityForced("clients", Side.LEGACY, 7),
                new CaptureBroken("clients", "a trigger is gone"),
                new JournalAlarm(Side.LEGACY, 2L << 30, 10L << 30),
                new RowsGone("clients", "shape", Side.TARGET, 40),
                new RetiredSideUsed(Side.LEGACY, RetiredSideUsed.Use.REFUSED, 3),
                new Unexpected("call", new IllegalStateException("no")),
                new Replayed("clients", Side.TARGET, 5, 1_000));

        assertThat(sentry.events())
                .extracting(event -> event.getJsonObject("message").getString("formatted"))
                .containsExactlyInAnyOrder(
                        "The two databases differ in a way that was not seen before",
                        "A guardrail was breached: 3 % against 0 %",
                        "An authority was taken by force; up to 7 writes may be missing",
                        "The shadow of a group cannot be relied on",
                        "The journal takes 2048 MB, and is given up at 10240 MB",
                        "Reads that found rows have found none, times in a row: 40",
                        "Somebody other than the proxies uses a side that has not the authority",
                        "Unexpected failure in call");
        assertThat(sentry.events())
                .allSatisfy(event -> assertThat(event.getString("environment")).isEqualTo("staging"))
                .allSatisfy(event -> assertThat(event.getString("release")).isEqualTo("crossfade@1.2.3"));
    }

    @Test
    void whatADatabaseSaidAboutARowStaysHere() {
        String detail = "Key (phone)=(" + PHONE + ") already exists.";
        send(
                new Unexpected(
                        "call",
                        new IllegalStateException(
                                "INSERT INTO clients VALUES ('" + PHONE + "')",
                                new DatabaseFailure("23505", "duplicate key " + PHONE, detail, detail))),
                new CaptureBroken("clients", detail));

        assertThat(sentry.events()).hasSize(2);
        assertThat(sentry.everything()).doesNotContain(PHONE).doesNotContain("INSERT INTO");
        JsonArray exceptions = sentry.events().stream()
                .filter(event -> event.containsKey("exception"))
                .findFirst()
                .orElseThrow()
                .getJsonObject("exception")
                .getJsonArray("values");
        assertThat(exceptions.getJsonObject(0).getString("type")).isEqualTo("DatabaseFailure");
        assertThat(exceptions.getJsonObject(0).getString("value")).isEqualTo("sqlstate-23");
        assertThat(exceptions.getJsonObject(1).getString("type")).isEqualTo("IllegalStateException");
        assertThat(exceptions.getJsonObject(1).encode()).contains("SentryObserverTest");
    }

    @Test
    void neitherTheMachineNorItsUserNorItsSurroundingsAreTold() {
        send(new AuthorityForced("clients", Side.LEGACY, 7));

        JsonObject event = sentry.events().get(0);
        assertThat(event.fieldNames()).doesNotContain("server_name", "user", "request", "breadcrumbs", "modules");
        assertThat(event.getJsonObject("contexts").fieldNames())
                .as(event.encode())
                .isSubsetOf("runtime", "trace");
    }

    @Test
    void theSameEventIsSentOnceAMinute() {
        JournalAlarm alarm = new JournalAlarm(Side.LEGACY, 2L << 30, 10L << 30);
        send(alarm, alarm, new JournalAlarm(Side.TARGET, 2L << 30, 10L << 30));

        assertThat(sentry.events()).hasSize(2);
    }

    @Test
    void aSentryThatStaysSilentKeepsNobodyFromStopping() throws Exception {
        sentry.fallSilent();
        SentryObserver observer = SentryObserver.open(sentry.dsn(), SETTINGS, "crossfade@1.2.3");
        for (int n = 0; n < 1_000; n++) {
            observer.observe(new RowsGone("clients" + n, "shape", Side.TARGET, 40));
        }

        // It would never end by itself: nothing is ever answered.
        observer.close(vertx).await(30, TimeUnit.SECONDS);

        assertThat(sentry.events()).hasSizeLessThanOrEqualTo(51);
    }

    private void send(Observation... observations) {
        SentryObserver observer = SentryObserver.open(sentry.dsn(), SETTINGS, "crossfade@1.2.3");
        List.of(observations).forEach(observer::observe);
        observer.close(vertx).await();
    }
}
