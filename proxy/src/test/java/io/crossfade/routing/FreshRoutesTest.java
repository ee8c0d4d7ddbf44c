package io.crossfade.routing;

import static io.crossfade.routing.Reads.byPhone;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.routing.Route.Reason;
import io.crossfade.settings.FreshnessSettings;
import io.crossfade.settings.FreshnessSettings.Ack;
import io.crossfade.settings.FreshnessSettings.StaleReads;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shadow answers what it is fresh enough for, and nothing else. */
class FreshRoutesTest {
    private static final String PHONE = "70000000001";
    private static final Duration FRESH_FOR = Duration.ofMillis(100);
    private static final FreshnessSettings USUAL =
            new FreshnessSettings(null, Duration.ofMillis(500), FRESH_FOR, StaleReads.REFUSED);
    private static final FreshnessSettings CARELESS =
            new FreshnessSettings(Ack.AUTHORITY, Duration.ofMillis(500), FRESH_FOR, StaleReads.ACCEPTED);

    @Test
    void aStateOfTheShadowAnswersUntilItIsAsOldAsTheLeaseIsLong() {
        Shadowed shadow = Shadowed.seen(0);

        assertThat(at(FRESH_FOR.toNanos() - 1, shadow, USUAL)).isEqualTo(answeredBy(Side.TARGET, Reason.ROLLOUT));
        assertThat(at(FRESH_FOR.toNanos(), shadow, USUAL)).isEqualTo(answeredBy(Side.LEGACY, Reason.CATCHING_UP));
    }

    @Test
    void agesAreRightWhereTheLocalClockWrapsAround() {
        Shadowed shadow = Shadowed.seen(Long.MAX_VALUE - 10);

        assertThat(at(Long.MIN_VALUE + 10, shadow, USUAL).answering()).isEqualTo(Side.TARGET);
        assertThat(at(Long.MIN_VALUE + FRESH_FOR.toNanos(), shadow, USUAL).answering())
                .isEqualTo(Side.LEGACY);
    }

    @Test
    void aGroupThatIsBehindIsReadOnTheAuthority() {
        assertThat(at(1, Shadowed.seen(0).behind(), USUAL)).isEqualTo(answeredBy(Side.LEGACY, Reason.CATCHING_UP));
        assertThat(at(1, Shadowed.seen(0).behind(), CARELESS)).isEqualTo(answeredBy(Side.LEGACY, Reason.CATCHING_UP));
    }

    @Test
    void aGroupThatHasJustCaughtUpGetsItsLeaseBackOnlyAfterItsLength() {
        assertThat(at(1, Shadowed.seen(0).inStepFor(FRESH_FOR.minusNanos(1_000)), USUAL))
                .isEqualTo(answeredBy(Side.LEGACY, Reason.CATCHING_UP));
        assertThat(at(1, Shadowed.seen(0).inStepFor(FRESH_FOR), USUAL))
                .isEqualTo(answeredBy(Side.TARGET, Reason.ROLLOUT));
    }

    @Test
    void untilEveryProxyKnowsOfTheStageNoStateOfTheShadowAnswers() {
        RouteTable moved = table(Stage.ROLLOUT, USUAL, Map.of());
        RepositoryRollout clients = moved.of("clients").readableFrom(50L);
        RouteTable table = new RouteTable(2, Map.of("clients", clients), moved.others(), Map.of());

        assertThat(Router.route(byPhone(PHONE), table, Shadowed.seen(49).view(), 60))
                .isEqualTo(answeredBy(Side.LEGACY, Reason.CATCHING_UP));
        assertThat(Router.route(byPhone(PHONE), table, Shadowed.seen(50).view(), 60))
                .isEqualTo(answeredBy(Side.TARGET, Reason.ROLLOUT));
    }

    @Test
    void nothingKnownMeansTheAuthority() {
        Route route = Router.route(byPhone(PHONE), table(Stage.ROLLOUT, USUAL, Map.of()), ShadowView.NONE, 1);

        assertThat(route).isEqualTo(answeredBy(Side.LEGACY, Reason.CATCHING_UP));
    }

    @Test
    void aReadThatMayMissAWriteOfThisInstanceGoesToTheAuthority() {
        Shadowed shadow = Shadowed.seen(0).missingAnOwnWrite();

        assertThat(at(1, shadow, USUAL)).isEqualTo(answeredBy(Side.LEGACY, Reason.FRESH));
        assertThat(at(1, shadow, CARELESS)).isEqualTo(answeredBy(Side.TARGET, Reason.ROLLOUT));
    }

    @Test
    void whereStaleReadsAreAcceptedTheShadowAnswersUpToTheTimeoutOfAcknowledgements() {
        long timeout = CARELESS.ackTimeout().toNanos();

        assertThat(at(timeout, Shadowed.seen(0), CARELESS)).isEqualTo(answeredBy(Side.TARGET, Reason.ROLLOUT));
        assertThat(at(timeout + 1, Shadowed.seen(0), CARELESS)).isEqualTo(answeredBy(Side.LEGACY, Reason.CATCHING_UP));
    }

    @ParameterizedTest
    @CsvSource({"SHADOW, TARGET", "ROLLOUT, TARGET", "LIVE, LEGACY"})
    void aPinToTheShadowNeedsTheLeaseToo(Stage stage, Side shadow) {
        RouteTable table = table(stage, USUAL, Map.of(PHONE, shadow));

        Route fresh = Router.route(byPhone(PHONE), table, Shadowed.seen(0).view(), 1);
        Route old = Router.route(byPhone(PHONE), table, Shadowed.seen(0).view(), FRESH_FOR.toNanos());
        Route own = Router.route(
                byPhone(PHONE), table, Shadowed.seen(0).missingAnOwnWrite().view(), 1);

        assertThat(fresh.answering()).isEqualTo(shadow);
        assertThat(fresh.reason()).isEqualTo(Reason.PIN);
        assertThat(old.answering()).isEqualTo(stage.authority());
        assertThat(old.reason()).isEqualTo(Reason.CATCHING_UP);
        assertThat(own.answering()).isEqualTo(stage.authority());
        assertThat(own.reason()).isEqualTo(Reason.FRESH);
    }

    @Test
    void aPinToTheAuthorityNeedsNothing() {
        RouteTable table = table(Stage.ROLLOUT, USUAL, Map.of(PHONE, Side.LEGACY));

        assertThat(Router.route(byPhone(PHONE), table, ShadowView.NONE, 1))
                .isEqualTo(answeredBy(Side.LEGACY, Reason.PIN));
    }

    @Test
    void reasonsHaveTheNamesOfTheMetric() {
        assertThat(Reason.CATCHING_UP.label()).isEqualTo("catching-up");
        assertThat(Reason.FRESH.label()).isEqualTo("fresh");
    }

    private static Route at(long now, Shadowed shadow, FreshnessSettings freshness) {
        return Router.route(byPhone(PHONE), table(Stage.ROLLOUT, freshness, Map.of()), shadow.view(), now);
    }

    private static Route answeredBy(Side side, Reason reason) {
        return new Route(side, Side.TARGET, true, Stage.ROLLOUT, reason);
    }

    private static RouteTable table(Stage stage, FreshnessSettings freshness, Map<String, Side> pins) {
        double share = stage == Stage.ROLLOUT ? 100 : 0;
        RepositoryRollout clients =
                new RepositoryRollout("clients", List.of("phone"), stage, share, Map.of(), freshness);
        RepositoryRollout others = new RepositoryRollout("", List.of(), Stage.OFF, 0, Map.of());
        return new RouteTable(1, Map.of("clients", clients), others, pins);
    }
}
