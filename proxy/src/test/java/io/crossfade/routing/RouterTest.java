package io.crossfade.routing;

import static io.crossfade.routing.Reads.byPhone;
import static io.crossfade.routing.Reads.compare;
import static io.crossfade.routing.Reads.delete;
import static io.crossfade.routing.Reads.equal;
import static io.crossfade.routing.Reads.read;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.call.Call;
import io.crossfade.call.Filter;
import io.crossfade.call.Operation;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {
    private static final String PHONE = "70000000001";
    private static final long NOW = 1_000_000_000_000L;
    private static final ShadowView FRESH = Shadowed.seen(NOW).view();

    /** The truth table: what a call in a stage comes to, with and without a pin of its routing key. */
    @ParameterizedTest
    @CsvSource(nullValues = "-", delimiter = '|', textBlock = """
            # stage      | rollout | call  | pin    | answering | shadow | compare | reason
            off          |   0     | read  | -      | LEGACY    | -      | false   | STAGE
            off          |   0     | read  | TARGET | LEGACY    | -      | false   | STAGE
            off          |   0     | write | -      | LEGACY    | -      | false   | STAGE
            off          |   0     | write | TARGET | LEGACY    | -      | false   | STAGE
            dual-write   |   0     | read  | -      | LEGACY    | TARGET | false   | STAGE
            dual-write   |   0     | read  | TARGET | LEGACY    | TARGET | false   | STAGE
            dual-write   |   0     | write | -      | LEGACY    | TARGET | false   | STAGE
            dual-write   |   0     | write | TARGET | LEGACY    | TARGET | false   | STAGE
            shadow       |   0     | read  | -      | LEGACY    | TARGET | true    | STAGE
            shadow       |   0     | read  | LEGACY | LEGACY    | TARGET | true    | PIN
            shadow       |   0     | read  | TARGET | TARGET    | TARGET | true    | PIN
            shadow       |   0     | write | -      | LEGACY    | TARGET | false   | STAGE
            shadow       |   0     | write | TARGET | LEGACY    | TARGET | false   | STAGE
            rollout      |   0     | read  | -      | LEGACY    | TARGET | true    | ROLLOUT
            rollout      | 100     | read  | -      | TARGET    | TARGET | true    | ROLLOUT
            rollout      |   0     | read  | TARGET | TARGET    | TARGET | true    | PIN
            rollout      | 100     | read  | LEGACY | LEGACY    | TARGET | true    | PIN
            rollout      |   0     | write | -      | LEGACY    | TARGET | false   | STAGE
            rollout      | 100     | write | -      | LEGACY    | TARGET | false   | STAGE
            rollout      | 100     | write | TARGET | LEGACY    | TARGET | false   | STAGE
            live         |   0     | read  | -      | TARGET    | LEGACY | true    | STAGE
            live         |   0     | read  | LEGACY | LEGACY    | LEGACY | true    | PIN
            live         |   0     | write | -      | TARGET    | LEGACY | false   | STAGE
            live         |   0     | write | LEGACY | TARGET    | LEGACY | false   | STAGE
            complete     |   0     | read  | -      | TARGET    | -      | false   | STAGE
            complete     |   0     | read  | LEGACY | TARGET    | -      | false   | STAGE
            complete     |   0     | write | -      | TARGET    | -      | false   | STAGE
            complete     |   0     | write | LEGACY | TARGET    | -      | false   | STAGE
            """)
    void everyStageSaysWhoAnswersWhoFollowsAndWhoIsCompared(
            String stage,
            double rollout,
            String kind,
            @Nullable Side pin,
            Side answering,
            @Nullable Side shadow,
            boolean compare,
            Route.Reason reason) {
        Stage in = Stage.byLabel(stage).orElseThrow();
        Map<String, Side> pins = pin == null ? Map.of() : Map.of(PHONE, pin);
        Call call = kind.equals("read") ? byPhone(PHONE) : delete();

        assertThat(Router.route(call, table(in, rollout, Map.of(), pins), FRESH, NOW))
                .isEqualTo(new Route(answering, shadow, compare, in, reason));
    }

    @Test
    void everyStageIsInTheTruthTable() {
        assertThat(Stage.values()).hasSize(6);
    }

    @Test
    void aPinOfAnotherKeyChangesNothing() {
        RouteTable table = table(Stage.SHADOW, 0, Map.of(), Map.of("70000000002", Side.TARGET));

        assertThat(Router.route(byPhone(PHONE), table, FRESH, NOW).answering()).isEqualTo(Side.LEGACY);
    }

    @Test
    void raisingARolloutOnlyEverAddsKeys() {
        Set<String> before = Set.of();
        for (double rollout : new double[] {0, 0.01, 0.5, 1, 1.1, 5, 12.5, 25, 50, 99.99, 100}) {
            Set<String> now = onTarget(rollout);
            assertThat(now.containsAll(before)).as("at %s %%", rollout).isTrue();
            before = now;
        }
        assertThat(before).hasSize(20_000);
    }

    @Test
    void theShareOfKeysOnTheTargetIsTheRollout() {
        for (double rollout : new double[] {1, 10, 25, 50, 90}) {
            double expected = 20_000 * rollout / 100;
            double deviation = Math.sqrt(expected * (1 - rollout / 100));

            assertThat((double) onTarget(rollout).size())
                    .as("at %s %%", rollout)
                    .isBetween(expected - 5 * deviation, expected + 5 * deviation);
        }
    }

    @Test
    void noneIsOnTheTargetAtZeroAndAllAreAtOneHundred() {
        assertThat(onTarget(0)).isEmpty();
        assertThat(onTarget(100)).hasSize(20_000);
    }

    @Test
    void aShareIsExactlyItsNumberOfBuckets() {
        // 1.1 * 100 is a little more than 110 in floating point.
        Set<Integer> buckets = new HashSet<>();
        onTarget(1.1).forEach(phone -> buckets.add(RoutingKey.bucket("clients", phone)));

        assertThat(buckets).allMatch(bucket -> bucket < 110);
    }

    @Test
    void anOperationCanHaveAShareOfItsOwn() {
        RouteTable table = table(Stage.ROLLOUT, 100, Map.of(Operation.FIND_MANY, 0.0), Map.of());

        assertThat(Router.route(byPhone(PHONE), table, FRESH, NOW).answering()).isEqualTo(Side.LEGACY);
    }

    @Test
    void repositoriesOfOneGroupAgreeAboutAKey() {
        assertThat(RoutingKey.bucket("people", PHONE)).isEqualTo(RoutingKey.bucket("people", PHONE));
        assertThat(IntStream.range(0, 100)
                        .filter(key ->
                                RoutingKey.bucket("people", "k" + key) != RoutingKey.bucket("visits", "k" + key)))
                .hasSizeGreaterThan(90);
    }

    @Test
    void theBucketOfAKeyIsTheSameInEveryVersion() {
        assertThat(RoutingKey.bucket("clients", "70000000001")).isEqualTo(1345);
    }

    @Test
    void theValueOfAStickyColumnIsTheKeyBeforeAllElse() {
        assertThat(keyOf("explicit", equal("status", "new"), equal("phone", PHONE)))
                .isEqualTo(PHONE);
    }

    @Test
    void stickyColumnsArePreferredInTheirOrder() {
        assertThat(keyOf(null, equal("user_id", "7"), equal("phone", PHONE))).isEqualTo(PHONE);
    }

    @Test
    void aStickyColumnInsideOfAConjunctionCounts() {
        Filter both = new Filter.Group(false, Filter.Logic.AND, List.of(equal("status", "new"), equal("phone", PHONE)));

        assertThat(keyOf(null, both)).isEqualTo(PHONE);
    }

    @Test
    void onlyAnEqualityThatMustHoldGivesAKey() {
        Filter either = new Filter.Group(false, Filter.Logic.OR, List.of(equal("phone", PHONE), equal("phone", "2")));
        Filter negated = compare(true, "phone", Filter.Operator.EQ, PHONE);
        Filter greater = compare(false, "phone", Filter.Operator.GT, PHONE);

        assertThat(keyOf(null, either, negated, greater)).isEqualTo("someone");
    }

    @Test
    void theExplicitKeyComesBeforeOtherFilters() {
        assertThat(keyOf("explicit", equal("status", "new"))).isEqualTo("explicit");
    }

    @Test
    void allEqualityFiltersTogetherAreAKeyWhateverTheirOrder() {
        assertThat(keyOf(null, equal("status", "new"), equal("company_id", "4")))
                .isEqualTo(keyOf(null, equal("company_id", "4"), equal("status", "new")))
                .isNotEqualTo(keyOf(null, equal("company_id", "5"), equal("status", "new")));
    }

    @Test
    void theIdentityOfTheCallerIsTheLastResort() {
        assertThat(keyOf(null)).isEqualTo("someone");
    }

    private static String keyOf(@Nullable String explicit, Filter... filters) {
        return RoutingKey.of(read(explicit, "someone", filters), clients(Stage.ROLLOUT, 50, Map.of()));
    }

    private static Set<String> onTarget(double rollout) {
        RouteTable table = table(Stage.ROLLOUT, rollout, Map.of(), Map.of());
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 20_000; i++) {
            String phone = String.valueOf(79_000_000_000L + i);
            if (Router.route(byPhone(phone), table, FRESH, NOW).answering() == Side.TARGET) {
                keys.add(phone);
            }
        }
        return keys;
    }

    private static RouteTable table(Stage stage, double rollout, Map<Operation, Double> own, Map<String, Side> pins) {
        RepositoryRollout others = new RepositoryRollout("", List.of(), Stage.OFF, 0, Map.of());
        return new RouteTable(1, Map.of("clients", clients(stage, rollout, own)), others, pins);
    }

    private static RepositoryRollout clients(Stage stage, double rollout, Map<Operation, Double> own) {
        return new RepositoryRollout("clients", List.of("phone", "client_phone", "user_id"), stage, rollout, own);
    }
}
