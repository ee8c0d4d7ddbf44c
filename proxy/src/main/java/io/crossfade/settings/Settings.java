package io.crossfade.settings;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All of the configuration.
 *
 * @param target null while there is only one database: then Crossfade is a plain REST front door to legacy
 * @param repositories by API name; a repository that is not named here has {@link RepositorySettings#DEFAULTS}
 * @param pins routing keys that always go to one side
 * @param journal how large the journal may grow
 * @param comparison how reads are compared
 * @param cutover how an authority moves
 * @param gates what must hold before a group goes forward
 * @param guardrails the limits whose breach steps a rollout back
 * @param ramp the steps of a rollout that goes forward by itself
 * @param mismatches how what differs is kept
 * @param telemetry who is told of events
 */
public record Settings(
        SideSettings legacy,
        @Nullable SideSettings target,
        RestSettings rest,
        AdminSettings admin,
        Map<String, RepositorySettings> repositories,
        List<PinSettings> pins,
        JournalSettings journal,
        ComparisonSettings comparison,
        CutoverSettings cutover,
        GateSettings gates,
        GuardrailSettings guardrails,
        RampSettings ramp,
        MismatchSettings mismatches,
        TelemetrySettings telemetry) {
    public Settings {
        repositories = Map.copyOf(repositories);
        pins = List.copyOf(pins);
    }

    /** With the usual ways of moving forward. */
    public Settings(
            SideSettings legacy,
            @Nullable SideSettings target,
            RestSettings rest,
            AdminSettings admin,
            Map<String, RepositorySettings> repositories,
            List<PinSettings> pins,
            JournalSettings journal) {
        this(
                legacy,
                target,
                rest,
                admin,
                repositories,
                pins,
                journal,
                ComparisonSettings.DEFAULTS,
                CutoverSettings.DEFAULTS,
                GateSettings.DEFAULTS,
                GuardrailSettings.DEFAULTS,
                RampSettings.DEFAULTS,
                MismatchSettings.DEFAULTS,
                TelemetrySettings.DEFAULTS);
    }

    /** With the journal's default limits. */
    public Settings(
            SideSettings legacy,
            @Nullable SideSettings target,
            RestSettings rest,
            AdminSettings admin,
            Map<String, RepositorySettings> repositories,
            List<PinSettings> pins) {
        this(legacy, target, rest, admin, repositories, pins, JournalSettings.DEFAULTS);
    }

    /** The same with other limits of the journal. */
    public Settings with(JournalSettings limits) {
        return new Settings(
                legacy,
                target,
                rest,
                admin,
                repositories,
                pins,
                limits,
                comparison,
                cutover,
                gates,
                guardrails,
                ramp,
                mismatches,
                telemetry);
    }

    /** The same with other limits of a cutover. */
    public Settings with(CutoverSettings limits) {
        return new Settings(
                legacy,
                target,
                rest,
                admin,
                repositories,
                pins,
                journal,
                comparison,
                limits,
                gates,
                guardrails,
                ramp,
                mismatches,
                telemetry);
    }

    /** The same with other gates, guardrails and steps. */
    public Settings with(GateSettings others, GuardrailSettings limits, RampSettings steps) {
        return new Settings(
                legacy,
                target,
                rest,
                admin,
                repositories,
                pins,
                journal,
                comparison,
                cutover,
                others,
                limits,
                steps,
                mismatches,
                telemetry);
    }

    /** The same, compared in another way. */
    public Settings with(ComparisonSettings others) {
        return new Settings(
                legacy,
                target,
                rest,
                admin,
                repositories,
                pins,
                journal,
                others,
                cutover,
                gates,
                guardrails,
                ramp,
                mismatches,
                telemetry);
    }

    /** The same with other repositories. */
    public Settings with(Map<String, RepositorySettings> others) {
        return new Settings(
                legacy,
                target,
                rest,
                admin,
                others,
                pins,
                journal,
                comparison,
                cutover,
                gates,
                guardrails,
                ramp,
                mismatches,
                telemetry);
    }

    /** The same with another way of keeping mismatches. */
    public Settings with(MismatchSettings kept) {
        return new Settings(
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
                kept,
                telemetry);
    }

    /** The same with others to tell of events. */
    public Settings with(TelemetrySettings others) {
        return new Settings(
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
                others);
    }
}
