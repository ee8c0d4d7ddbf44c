package io.crossfade.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InvalidSettingsTest {
    private static final String LEGACY = "legacy: {url: 'postgres://app:hunter2@legacy.example/shop'}\n";

    private final Path folder;

    InvalidSettingsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aMissingUrlIsNamedWithItsKeyAndRemedy() throws Exception {
        assertThat(problems(null, Map.of()))
                .singleElement()
                .hasToString("configuration: legacy.url: is missing; set it in the file, or "
                        + "CROSSFADE_LEGACY_URL=postgres://user:password@host:5432/database");
    }

    @Test
    void aCutoverNeedsTimeToMoveInAndPathsToAsk() throws Exception {
        assertThat(problems("""
                legacy:
                  url: postgres://u:p@legacy/app
                cutover:
                  timeout: 100ms
                  smokeTests: ['clients?limit=1']
                """, Map.of()))
                .extracting(problem -> problem.toString().replace(folder + "/", ""))
                .containsExactly(
                        "crossfade.yaml:4: cutover.timeout: is too short for an authority to move in; give it at least 1s",
                        "crossfade.yaml:5: cutover.smokeTests: has a path that does not begin with '/', such as"
                                + " /clients?limit=1");
    }

    @Test
    void aFunctionGoesWithOneTableAlone() throws Exception {
        assertThat(problems("""
                legacy:
                  url: postgres://u:p@legacy/app
                repositories:
                  clients:
                    functions: [create_client]
                  visits:
                    functions: [create_visit, create_client]
                """, Map.of()))
                .extracting(problem -> problem.toString().replace(folder + "/", ""))
                .containsExactly(
                        "crossfade.yaml:7: repositories.visits.functions: names 'create_client', which 'clients'"
                                + " names already; name it once, and give the tables that it uses one group");
    }

    @Test
    void allProblemsAreReportedAtOnceInTheOrderOfTheFile() throws Exception {
        List<Problem> problems = problems("""
                rest:
                  prot: 8080
                  maxRows: many
                admin:
                  port: 70000
                repositories:
                  clients:
                    stage: shdow
                pins:
                  - side: left
                """, Map.of("CROSSFADE_REST_PORT", "abc"));

        assertThat(problems)
                .extracting(problem -> problem.toString().replace(folder + "/", ""))
                .containsExactly(
                        "crossfade.yaml: legacy.url: is missing; set it in the file, or "
                                + "CROSSFADE_LEGACY_URL=postgres://user:password@host:5432/database",
                        "crossfade.yaml:2: rest.prot: unknown key; did you mean 'port'?",
                        "crossfade.yaml:3: rest.maxRows: 'many' is not a whole number from 0 to 2147483647",
                        "crossfade.yaml:5: admin.port: '70000' is out of range; it must be from 0 to 65535",
                        "crossfade.yaml:8: repositories.clients.stage: 'shdow' is not a stage; did you mean 'shadow'?",
                        "crossfade.yaml:10: pins.1.side: 'left' is not a side; write legacy or target",
                        "crossfade.yaml:10: pins.1.key: is missing; write the value to pin, in quotes, "
                                + "such as \"79990000000\"",
                        "environment variable CROSSFADE_REST_PORT: rest.port: "
                                + "'abc' is not a whole number from 0 to 65535");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            wire: {}                                     | wire                           | unknown key; known here: legacy, target
            gates: {soak: 31d}                           | gates.soak                     | from 0s to 720h
            gates: {maxLag: 0s}                          | gates.maxLag                   | from 1ms to 24h
            guardrails: {latencyFactor: 0.5}             | guardrails.latencyFactor       | is not a factor from 1
            guardrails: {errorRate: none}                | guardrails.errorRate           | is not a share
            guardrails: {minSamples: 0}                  | guardrails.minSamples          | from 1 to 1000000
            ramp: {steps: [5, 1]}                        | ramp.steps                     | must be shares that rise
            ramp: {steps: []}                            | ramp.steps                     | must be shares that rise
            rest: {Port: 1}                              | rest.Port                      | did you mean 'port'?
            rest: {port: 1, port: 2}                     | rest.port                      | is given twice
            rest: 8080                                   | rest                           | expected a block of keys (host, port
            rest: {port: [1]}                            | rest.port                      | expected one value
            rest: {schemas: public}                      | rest.schemas                   | expected a list
            rest: {schemas: []}                          | rest.schemas                   | needs at least one schema
            rest: {maxBodySize: 10}                      | rest.maxBodySize               | such as 512KB or 10MB
            rest: {maxBodySize: 4GB}                     | rest.maxBodySize               | from 1B to 2047MB
            rest: {port: 8081}                           | rest.port                      | or admin.port (CROSSFADE_ADMIN_PORT)
            rest: {host: 0.0.0.0}                        | rest.host                      | rest.serviceKeys
            rest: {port: '${NOT_SET}'}                   | rest.port                      | NOT_SET, which is not set
            rest: {port: '${not-a-name}'}                | rest.port                      | ${NAME:-default}
            admin: {host: db.example}                    | admin.host                     | admin.operators or admin.token
            admin: {host: 0.0.0.0, operators: []}        | admin.host                     | must be set
            admin: {operators: [{name: b, role: root, tokenHash: HASH}]} | admin.operators.1.role | write viewer or operator
            admin: {operators: [{name: b, tokenHash: HASH}]} | admin.operators.1.role       | is missing
            admin: {operators: [{role: viewer, tokenHash: HASH}]} | admin.operators.1.name  | is missing
            admin: {operators: [{name: admin, role: viewer, tokenHash: HASH}]} | admin.operators.1.name | is taken
            admin: {operators: [{name: "a/b", role: viewer, tokenHash: HASH}]} | admin.operators.1.name | is not a name
            admin: {operators: [{name: b, role: viewer}]} | admin.operators.1.tokenHash   | './crossfade token' prints
            admin: {operators: [{name: b, role: viewer, token: hunter2}]} | admin.operators.1.token | write its hash as tokenHash; './crossfade token' prints
            admin: {operators: [{name: b, role: viewer, tokenHash: hunter2}]} | admin.operators.1.tokenHash | is not the SHA-256
            admin: {operators: [{name: b, role: viewer, tokenHash: HASH}, {name: c, role: viewer, tokenHash: HASH}]} | admin.operators.2.tokenHash | is given twice
            admin: {operators: [{name: b, role: viewer, tokenHash: HASH}, {name: b, role: viewer, tokenHash: OTHER}]} | admin.operators.2.name | is given twice
            target: {statementTimeout: 30}               | target.statementTimeout        | such as 500ms, 30s or 5m
            target: {poolSize: 0}                        | target.poolSize                | from 1 to 1000
            repositories: {a: {rollout: 101}}            | repositories.a.rollout         | from 0 to 100
            repositories: {a: {rollout: {insert: 1}}}    | repositories.a.rollout.insert  | unknown key
            repositories: {a: {stage: shadow}}           | repositories.a.stage           | needs a target; set target.url or CROSSFADE_TARGET_URL, or use 'off'
            repositories: {a: {stage: complete}}         | repositories.a.stage           | needs a target
            repositories: {a: {ack: target}}             | repositories.a.ack             | write authority or both
            repositories: {a: {staleReads: yes}}         | repositories.a.staleReads      | is neither refused nor accepted
            repositories: {a: {freshFor: 100}}           | repositories.a.freshFor        | such as 500ms, 30s or 5m
            repositories: {a: {freshFor: 251ms}}         | repositories.a.freshFor        | set ackTimeout to at least 502ms, or lower freshFor
            repositories: {a: {ackTimeout: 199ms}}       | repositories.a.ackTimeout      | set ackTimeout to at least 200ms, or lower freshFor
            pins: [{key: 7, side: target}, {key: 7, side: legacy}] | pins.2.key           | is pinned twice
            pins: [{key: 7}]                             | pins.1.side                    | is missing
            """)
    void aWrongKeyOrValueIsNamedWithItsRemedy(String yaml, String key, String remedy) throws Exception {
        String text = yaml.replace("HASH", "a".repeat(64)).replace("OTHER", "b".repeat(64));

        assertThat(problems(LEGACY + text, Map.of())).singleElement().satisfies(problem -> {
            assertThat(problem.where()).endsWith("crossfade.yaml:2");
            assertThat(problem.key()).isEqualTo(key);
            assertThat(problem.message()).contains(remedy).doesNotContain("hunter2");
        });
    }

    @Test
    void aStageBeyondOffNeedsATargetEvenWhereTheSidesAreKeptEqual() throws Exception {
        Path file = file(LEGACY + "repositories: {clients: {stage: live}}");

        assertThat(catchThrowableOfType(InvalidSettingsException.class, () -> SettingsLoader.load(file, Map.of(), true))
                        .problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("needs a target; set target.url"));
    }

    @Test
    void repositoriesOfOneGroupNeedOneStage() throws Exception {
        Path file = file(LEGACY + "target: {url: 'postgres://a@b/c'}\n"
                + "repositories: {a: {group: g, stage: shadow}, b: {group: g}}");

        assertThat(catchThrowableOfType(InvalidSettingsException.class, () -> SettingsLoader.load(file, Map.of(), true))
                        .problems())
                .singleElement()
                .satisfies(problem ->
                        assertThat(problem.toString()).contains("repositories.b.stage: differs from that of 'a'"));
    }

    @ParameterizedTest
    @CsvSource({
        "ack: both, ack",
        "ackTimeout: 1s, ackTimeout",
        "freshFor: 50ms, freshFor",
        "staleReads: accepted, staleReads"
    })
    void repositoriesOfOneGroupNeedOneFreshness(String setting, String key) throws Exception {
        Path file = file(LEGACY + "repositories: {a: {group: g}, b: {group: g, " + setting + "}}");

        assertThat(catchThrowableOfType(InvalidSettingsException.class, () -> SettingsLoader.load(file, Map.of(), true))
                        .problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("repositories.b." + key + ": differs from that of 'a'"));
    }

    @Test
    void anAcknowledgementByTheAuthorityAloneIsRefusedWhereReadsMustBeFresh() throws Exception {
        String stage = "target: {url: 'postgres://a@b/c'}\nrepositories: {a: {stage: rollout, ack: authority";
        Path refused = file(LEGACY + stage + "}}");

        assertThat(catchThrowableOfType(
                                InvalidSettingsException.class, () -> SettingsLoader.load(refused, Map.of(), true))
                        .problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("crossfade.yaml:3: repositories.a.ack: stage 'rollout' with ack 'authority'")
                        .endsWith("use ack 'both', or set staleReads to 'accepted'"));

        Path accepted = file(LEGACY + stage + ", staleReads: accepted}}");
        assertThat(SettingsLoader.load(accepted, Map.of(), true).settings().repositories())
                .hasEntrySatisfying(
                        "a", a -> assertThat(a.freshness().readsAreFresh()).isFalse());
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        Path missing = folder.resolve("missing.yaml");

        assertThat(catchThrowableOfType(
                        InvalidSettingsException.class, () -> SettingsLoader.load(missing, Map.of(), false)))
                .hasMessage(missing + ": no such file; check the path given with --config");
    }

    @Test
    void brokenYamlIsNamedWithItsLineButNotQuoted() throws Exception {
        assertThat(problems("legacy:\n  url: postgres://app:hunter2@host/db\n bad: [", Map.of()))
                .singleElement()
                .satisfies(problem -> assertThat(problem.toString())
                        .contains("crossfade.yaml:3: is not valid YAML")
                        .doesNotContain("hunter2"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://app:hunter2@host/db?sslmode=on",
                "postgres://app:hunter2@host/db?password=hunter2",
                "postgres://app:hunt/hunter2@host/db",
                "postgres://app:hunt?hunter2@host/db",
                "postgres://app:hunt#hunter2@host/db",
                "postgres://app:hunt@hunter2@host:port/db",
                "postgres://app:%hunter2@host/db",
                "postgres://app:hunter2",
                "postgres://:hunter2@host/db",
                "postgres://app:hunter2@/db",
                "mysql://app:hunter2@host/db",
                "host=db.example user=app password=hunter2"
            })
    void aPasswordIsNeverRepeated(String url) throws Exception {
        List<Problem> fromEnvironment = problems(null, Map.of("CROSSFADE_LEGACY_URL", url));
        List<Problem> fromFile = problems("legacy: {url: '" + url + "'}", Map.of());

        assertThat(fromEnvironment).hasSize(1);
        assertThat(fromFile).hasSize(1);
        assertThat(fromEnvironment.toString() + fromFile).doesNotContain("hunter2");
    }

    @Test
    void secretsInTheWrongPlaceAreNotRepeatedEither() throws Exception {
        Map<String, String> environment = Map.of("TOKEN", "hunter2", "CROSSFADE_LEGACY_URL", "postgres://a@b/c");

        assertThat(problems("""
                        admin: {token: [hunter2], port: "${TOKEN}", operators: [{token: hunter2}, {tokenHash: hunter2}]}
                        rest: {serviceKeys: {hunter2: 1}}
                        target: postgres://app:hunter2@host/db
                        """, environment).toString()).doesNotContain("hunter2");
    }

    @Test
    void whatIsWrongAboutComparingIsNamedWithItsRemedy() throws Exception {
        assertThat(problems("""
                legacy:
                  url: postgres://u:p@legacy/app
                comparison:
                  sample: 10
                  maxInFlight: 0
                  fail: true
                repositories:
                  clients:
                    compare: on
                  visits:
                    compare:
                      ignored: [name]
                      numericTolerance: -1
                      timestampPrecision: 5ms
                """, Map.of()))
                .extracting(problem -> problem.toString().replace(folder + "/", ""))
                .containsExactlyInAnyOrder(
                        "crossfade.yaml:4: comparison.sample: must be 100 with fail: true, which is about every read; leave it"
                                + " out",
                        "crossfade.yaml:5: comparison.maxInFlight: '0' is out of range; it must be from 1 to 1000",
                        "crossfade.yaml:9: repositories.clients.compare: 'on' is not known here; write off, or a block of keys",
                        "crossfade.yaml:12: repositories.visits.compare.ignored: unknown key; did you mean 'ignore'?",
                        "crossfade.yaml:13: repositories.visits.compare.numericTolerance: '-1' is not a distance between"
                                + " numbers, such as 0.005",
                        "crossfade.yaml:14: repositories.visits.compare.timestampPrecision: '5ms' is not a precision; write"
                                + " 1us, 1ms or 1s");
    }

    @Test
    void settingsPrintNoSecret() throws Exception {
        LoadedSettings loaded = SettingsLoader.load(
                file(LEGACY + "admin: {token: hunter2}\nrest: {serviceKeys: [hunter2]}\n"
                        + "pins: [{key: hunter2, side: legacy}]"),
                Map.of(),
                false);

        assertThat(loaded.toString()).doesNotContain("hunter2");
    }

    @Test
    void flagsThatContradictEachOtherAreBothNamed() throws IOException {
        for (String both : List.of("true", "false")) {
            assertThat(problems(LEGACY, Map.of("USE_LEGACY_SUPABASE", both, "USE_REPOSITORY_PATTERN", both)))
                    .singleElement()
                    .asString()
                    .contains("USE_LEGACY_SUPABASE", "USE_REPOSITORY_PATTERN", "contradict");
        }
        assertThat(problems(LEGACY, Map.of("USE_LEGACY_SUPABASE", "yes")))
                .singleElement()
                .asString()
                .contains("USE_LEGACY_SUPABASE", "is true or false");
    }

    private List<Problem> problems(@Nullable String yaml, Map<String, String> environment) throws IOException {
        Path file = yaml == null ? null : file(yaml);
        return catchThrowableOfType(InvalidSettingsException.class, () -> SettingsLoader.load(file, environment, false))
                .problems();
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("crossfade.yaml"), yaml);
    }
}
