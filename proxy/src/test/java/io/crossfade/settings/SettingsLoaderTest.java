package io.crossfade.settings;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.call.Operation;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.settings.FreshnessSettings.Ack;
import io.crossfade.settings.FreshnessSettings.StaleReads;
import io.crossfade.settings.OperatorSettings.Role;
import io.vertx.pgclient.PgConnectOptions;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsLoaderTest {
    private static final String LEGACY = "legacy: {url: 'postgres://app:secret@legacy.example/shop'}\n";

    private final Path folder;

    SettingsLoaderTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void theLegacyUrlAloneIsEnough() throws Exception {
        LoadedSettings loaded = SettingsLoader.load(
                null, Map.of("CROSSFADE_LEGACY_URL", "postgres://app@legacy.example:6000/shop"), false);

        assertThat(loaded.settings().legacy().address()).isEqualTo("legacy.example:6000/shop");
        assertThat(loaded.settings().target()).isNull();
        assertThat(loaded.settings().rest()).isEqualTo(RestSettings.DEFAULTS);
    }

    @Test
    void howReadsAreComparedIsReadForAllAndForEach() throws Exception {
        Settings settings = load(LEGACY + """
                        comparison: {sample: 25, maxInFlight: 3, timeout: 1s, poolSize: 4, noiseShare: 5, maxBytes: 2MB}
                        repositories:
                          clients:
                            compare: {sample: 50, ignore: [seen], numericTolerance: 0.005, timestampPrecision: 1ms}
                          secrets:
                            compare: off
                        """).settings();

        assertThat(settings.comparison())
                .isEqualTo(new ComparisonSettings(25, 3, Duration.ofSeconds(1), 4, 5, 2 << 20, false));
        assertThat(requireNonNull(settings.repositories().get("clients")).compare())
                .isEqualTo(new CompareSettings(
                        false, 50.0, Set.of("seen"), new BigDecimal("0.005"), Duration.ofMillis(1)));
        assertThat(requireNonNull(settings.repositories().get("secrets")).compare())
                .isEqualTo(CompareSettings.OFF);
        assertThat(load(LEGACY + "comparison: {fail: true}").settings().comparison())
                .isEqualTo(ComparisonSettings.DEFAULTS.failing());
    }

    @Test
    void aTokenIsMadeUpAnewWhereNoneIsConfigured() throws Exception {
        LoadedSettings first = load(LEGACY);
        LoadedSettings second = load(LEGACY);

        assertThat(first.adminTokenMadeUp()).isTrue();
        assertThat(first.settings().admin().token()).hasSize(32);
        assertThat(first.settings().admin().token())
                .isNotEqualTo(second.settings().admin().token());
        assertThat(load(LEGACY + "admin: {token: sesame}").adminTokenMadeUp()).isFalse();
    }

    @Test
    void operatorsAreKnownByTheHashesOfTheirTokens() throws Exception {
        LoadedSettings loaded =
                load(LEGACY + "admin: {token: sesame, operators: [{name: anna, role: viewer, tokenHash: "
                        + AdminToken.hash("open") + "}]}");

        assertThat(loaded.settings().admin().everybody())
                .containsExactly(
                        new OperatorSettings("admin", Role.OPERATOR, AdminToken.hash("sesame")),
                        new OperatorSettings("anna", Role.VIEWER, AdminToken.hash("open")));
    }

    @Test
    void whereOperatorsAreConfiguredNoTokenIsMadeUp() throws Exception {
        LoadedSettings loaded =
                load(LEGACY + "admin: {host: 0.0.0.0, operators: [{name: anna, role: operator, tokenHash: "
                        + AdminToken.hash("open") + "}]}");

        assertThat(loaded.adminTokenMadeUp()).isFalse();
        assertThat(loaded.settings().admin().token()).isNull();
        assertThat(loaded.settings().admin().everybody())
                .extracting(OperatorSettings::name)
                .containsExactly("anna");
        assertThat(loaded.toString()).doesNotContain(AdminToken.hash("open"));
    }

    @Test
    void everyKeyIsRead() throws Exception {
        Settings settings = SettingsLoader.load(file("""
                legacy: {url: "postgres://app@legacy.example/shop", poolSize: 5, statementTimeout: 500ms}
                target: {url: "postgres://app@target.example/shop"}
                rest:
                  host: 0.0.0.0
                  port: 0
                  schemas: [api, public]
                  extraSearchPath: []
                  maxRows: 0
                  serviceKeys: [one, two]
                  maxBodySize: 512KB
                admin: {host: "::1", port: 9000, token: sesame}
                repositories:
                  clients: {group: crm, stickyBy: [phone], stage: rollout, rollout: 12.5}
                  bookings: {group: crm, stage: rollout, rollout: {default: 5, findOne: 50}}
                  notes: {ack: both, ackTimeout: 2s, freshFor: 1s, staleReads: accepted}
                pins:
                  - {key: "7999", side: target}
                gates: {maxLag: 2s, bypassQuiet: 0s, soak: 72h}
                guardrails:
                  window: 1m
                  minSamples: 10
                  badWindows: 2
                  errorRate: off
                  latencyFactor: 1.5
                  latencyFloor: 10ms
                  maxLag: "off"
                  mismatchRate: 0.1
                  coolDown: 1h
                ramp: {steps: [10, 100], soak: 0s}
                """), Map.of(), true).settings();

        assertThat(settings.gates())
                .isEqualTo(new GateSettings(Duration.ofSeconds(2), Duration.ZERO, Duration.ofDays(3)));
        assertThat(settings.guardrails())
                .isEqualTo(new GuardrailSettings(
                        Duration.ofMinutes(1),
                        10,
                        2,
                        null,
                        1.5,
                        Duration.ofMillis(10),
                        null,
                        0.1,
                        Duration.ofHours(1)));
        assertThat(settings.ramp()).isEqualTo(new RampSettings(List.of(10.0, 100.0), Duration.ZERO));

        assertThat(settings.legacy().poolSize()).isEqualTo(5);
        assertThat(settings.legacy().statementTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.target()).isNotNull();
        assertThat(settings.rest())
                .isEqualTo(new RestSettings(
                        "0.0.0.0", 0, List.of("api", "public"), List.of(), 0, List.of("one", "two"), 512 * 1024));
        assertThat(settings.admin()).isEqualTo(new AdminSettings("::1", 9000, "sesame"));
        assertThat(settings.repositories())
                .containsEntry(
                        "clients", new RepositorySettings("crm", List.of("phone"), Stage.ROLLOUT, 12.5, Map.of()))
                .containsEntry(
                        "bookings",
                        new RepositorySettings(
                                "crm",
                                RepositorySettings.DEFAULTS.stickyBy(),
                                Stage.ROLLOUT,
                                5,
                                Map.of(Operation.FIND_ONE, 50.0)));
        assertThat(settings.repositories())
                .hasEntrySatisfying(
                        "clients", clients -> assertThat(clients.freshness()).isEqualTo(FreshnessSettings.DEFAULTS))
                .hasEntrySatisfying(
                        "notes",
                        notes -> assertThat(notes.freshness())
                                .isEqualTo(new FreshnessSettings(
                                        Ack.BOTH, Duration.ofSeconds(2), Duration.ofSeconds(1), StaleReads.ACCEPTED)));
        assertThat(settings.pins()).containsExactly(new PinSettings("7999", Side.TARGET));
    }

    @Test
    void theEnvironmentOverridesTheFileAndAnEmptyVariableDoesNot() throws Exception {
        Settings settings = SettingsLoader.load(
                        file(LEGACY + "rest: {port: 1000, serviceKeys: [one, two]}\nadmin: {port: 2000}"),
                        Map.of(
                                "CROSSFADE_REST_PORT", "3000",
                                "CROSSFADE_ADMIN_PORT", "",
                                "CROSSFADE_SERVICE_KEY", "three"),
                        false)
                .settings();

        assertThat(settings.rest().port()).isEqualTo(3000);
        assertThat(settings.admin().port()).isEqualTo(2000);
        assertThat(settings.rest().serviceKeys()).containsExactly("three");
    }

    @Test
    void variablesAreTakenFromTheEnvironmentWithTheirDefaults() throws Exception {
        PgConnectOptions connection = SettingsLoader.load(
                        file("legacy: {url: 'postgres://${DB_USER:-app}:${DB_PASSWORD}@${DB_HOST:-db.example}/$${x}'}"),
                        Map.of("DB_PASSWORD", "p$1", "DB_HOST", ""),
                        false)
                .settings()
                .legacy()
                .connection();

        assertThat(connection.getUser()).isEqualTo("app");
        assertThat(connection.getPassword()).isEqualTo("p$1");
        assertThat(connection.getHost()).isEqualTo("db.example");
        assertThat(connection.getDatabase()).isEqualTo("${x}");
    }

    @Test
    void theFlagsOfTheApplicationLeadBackToLegacyAndNeverForward() throws Exception {
        assertThat(back(Map.of())).isEmpty();
        assertThat(back(Map.of("USE_LEGACY_SUPABASE", "true"))).contains("USE_LEGACY_SUPABASE=true");
        assertThat(back(Map.of("USE_REPOSITORY_PATTERN", "false"))).contains("USE_REPOSITORY_PATTERN=false");
        assertThat(back(Map.of("USE_LEGACY_SUPABASE", "TRUE", "USE_REPOSITORY_PATTERN", "false")))
                .contains("USE_LEGACY_SUPABASE=true");
        assertThat(back(Map.of("USE_LEGACY_SUPABASE", "false", "USE_REPOSITORY_PATTERN", "true")))
                .isEmpty();
    }

    private static Optional<String> back(Map<String, String> flags) throws InvalidSettingsException {
        Map<String, String> environment = new HashMap<>(flags);
        environment.put("CROSSFADE_LEGACY_URL", "postgres://app:secret@127.0.0.1/app");
        return SettingsLoader.load(null, environment, false).backToLegacy();
    }

    private LoadedSettings load(String yaml) throws IOException, InvalidSettingsException {
        return SettingsLoader.load(file(yaml), Map.of(), false);
    }

    private Path file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("crossfade.yaml"), yaml);
    }
}
