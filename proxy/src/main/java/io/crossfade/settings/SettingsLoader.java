package io.crossfade.settings;

import io.vertx.pgclient.PgConnectOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Builds {@link Settings} from a file, the environment or both; where both say something, the environment wins.
 *
 * <p>Everything is checked here, once, so that nothing behind it needs to check again. All problems are reported
 * together, each with its place, its key and its remedy, and without any password, token or key.
 */
public final class SettingsLoader {
    private final Source source;
    private final boolean bothSidesEqual;
    private final Section root;

    private SettingsLoader(Source source, @Nullable Node node, boolean bothSidesEqual) {
        this.source = source;
        this.bothSidesEqual = bothSidesEqual;
        this.root = new Section(source, "", node, Keys.ROOT);
    }

    /**
     * Reads and checks the configuration.
     *
     * @param file null to use the environment alone
     * @param environment variables by name; an empty one counts as unset
     * @param bothSidesEqual whether the two databases are known to hold the same rows at start, which allows a
     *     rollout
     * @throws InvalidSettingsException with everything that is wrong
     */
    public static LoadedSettings load(@Nullable Path file, Map<String, String> environment, boolean bothSidesEqual)
            throws InvalidSettingsException {
        Source source = new Source(file == null ? null : file.toString(), environment);
        Node node = file == null ? null : YamlFile.read(file, source);
        // What a broken file would have said is unknown, so nothing else that seems missing is worth a word.
        source.requireNoProblems();
        return new SettingsLoader(source, node, bothSidesEqual).load();
    }

    private LoadedSettings load() throws InvalidSettingsException {
        Section legacySection = root.section("legacy", Keys.SIDE);
        SideSettings legacy = side(legacySection).orElse(null);
        SideSettings target = side(root.section("target", Keys.SIDE)).orElse(null);
        if (legacy == null && source.problems().stream().noneMatch(p -> p.key().equals("legacy.url"))) {
            legacySection.report(
                    "url", "is missing; set it in the file, or CROSSFADE_LEGACY_URL=" + DatabaseUrl.EXAMPLE);
        }
        Section restSection = root.section("rest", Keys.REST);
        Section adminSection = root.section("admin", Keys.ADMIN);
        RestSettings rest = rest(restSection);
        AdminReader adminReader = new AdminReader(adminSection);
        AdminSettings admin = adminReader.read();
        boolean adminTokenMadeUp = !adminReader.namesSomebody();
        FrontDoorCheck.check(restSection, rest, adminSection, admin, !adminTokenMadeUp);
        RepositoriesReader repositoriesReader =
                new RepositoriesReader(root.section("repositories", List.of()), target != null, bothSidesEqual);
        Map<String, RepositorySettings> repositories = repositoriesReader.read();
        List<PinSettings> pins = PinsReader.read(root.sections("pins", Keys.PIN));
        JournalSettings journal = journal(root.section("replay", Keys.REPLAY).section("journal", Keys.JOURNAL));
        Section compared = root.section("comparison", Keys.COMPARISON);
        ComparisonSettings comparison = ComparisonReader.read(compared);
        CutoverSettings cutover = cutover(root.section("cutover", Keys.CUTOVER));
        GateSettings gates = ForwardReader.gates(root.section("gates", Keys.GATES));
        GuardrailSettings guardrails = ForwardReader.guardrails(root.section("guardrails", Keys.GUARDRAILS));
        RampSettings ramp = ForwardReader.ramp(root.section("ramp", Keys.RAMP));
        MismatchSettings mismatches = mismatches(compared, repositoriesReader.revealed());
        TelemetrySettings telemetry = TelemetryReader.read(root.section("telemetry", Keys.TELEMETRY));
        Optional<String> backToLegacy = LegacyFlags.backToLegacy(source);
        source.requireNoProblems();
        if (legacy == null) {
            throw new IllegalStateException("a missing legacy.url is a problem, and there was none");
        }
        return new LoadedSettings(
                new Settings(
                        legacy,
                        target,
                        rest,
                        admin,
                        repositories,
                        pins,
                        journal,
                        comparison,
                        cutover,
                        gates,
                        guardrails,
                        ramp,
                        mismatches,
                        telemetry),
                adminTokenMadeUp,
                backToLegacy);
    }

    private static Optional<SideSettings> side(Section section) {
        Optional<PgConnectOptions> url = section.read("url", DatabaseUrl::parse);
        int poolSize = section.read("poolSize", Parsers.number(1, 1_000))
                .map(Long::intValue)
                .orElse(SideSettings.POOL_SIZE);
        var statementTimeout =
                section.read("statementTimeout", Parsers.duration()).orElse(SideSettings.STATEMENT_TIMEOUT);
        return url.map(SideSettings::at).map(side -> side.with(poolSize, statementTimeout));
    }

    private static RestSettings rest(Section section) {
        RestSettings defaults = RestSettings.DEFAULTS;
        List<String> schemas = section.readList("schemas", Parsers.text()).orElse(defaults.schemas());
        if (schemas.isEmpty()) {
            section.report("schemas", "needs at least one schema, such as [public]");
        }
        return new RestSettings(
                section.read("host", Parsers.text()).orElse(defaults.host()),
                section.read("port", Parsers.port()).orElse(defaults.port()),
                schemas,
                section.readList("extraSearchPath", Parsers.text()).orElse(defaults.extraSearchPath()),
                section.read("maxRows", Parsers.number(0, Integer.MAX_VALUE)).orElse(defaults.maxRows()),
                new ArrayList<>(section.readList("serviceKeys", Parsers.text()).orElse(defaults.serviceKeys())),
                section.read("maxBodySize", Parsers.size()).orElse(defaults.maxBodySize()));
    }

    private static JournalSettings journal(Section section) {
        JournalSettings defaults = JournalSettings.DEFAULTS;
        long hardSize = section.read("hardSize", Parsers.bytes()).orElse(defaults.hardSize());
        long alarmSize = section.read("alarmSize", Parsers.bytes()).orElse(Math.min(defaults.alarmSize(), hardSize));
        if (alarmSize > hardSize) {
            section.report("alarmSize", "is larger than hardSize; make it the smaller one");
        }
        return new JournalSettings(
                alarmSize,
                hardSize,
                section.read("whenFull", Parsers.whenFull()).orElse(defaults.givesUp()));
    }

    private static CutoverSettings cutover(Section section) {
        CutoverSettings defaults = CutoverSettings.DEFAULTS;
        Duration timeout = section.read("timeout", Parsers.duration()).orElse(defaults.timeout());
        if (timeout.compareTo(CutoverSettings.SHORTEST_TIMEOUT) < 0) {
            section.report("timeout", "is too short for an authority to move in; give it at least 1s");
        }
        List<String> smokeTests = section.readList("smokeTests", Parsers.text()).orElse(defaults.smokeTests());
        if (smokeTests.stream().anyMatch(path -> !path.startsWith("/"))) {
            section.report("smokeTests", "has a path that does not begin with '/', such as /clients?limit=1");
        }
        return new CutoverSettings(
                timeout,
                smokeTests,
                section.read("forceMargin", Parsers.number(1, Integer.MAX_VALUE))
                        .orElse(defaults.forceMargin()));
    }

    private static MismatchSettings mismatches(Section section, Map<String, Boolean> revealed) {
        MismatchSettings defaults = MismatchSettings.DEFAULTS;
        return new MismatchSettings(
                section.read("revealValues", Parsers.flag()).orElse(defaults.revealValues()),
                revealed,
                section.read("keepFor", Parsers.span()).orElse(defaults.keepFor()),
                section.read("keepAtMost", Parsers.number(1, 10_000))
                        .map(Long::intValue)
                        .orElse(defaults.keepAtMost()));
    }
}
