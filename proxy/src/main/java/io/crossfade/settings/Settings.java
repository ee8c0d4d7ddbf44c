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
 * @param cutover how an authority moves
 * @param gates what must hold before a group goes forward
 * @param guardrails the limits whose breach steps a rollout back
 * @param ramp the steps of a rollout that goes forward by itself
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
        CutoverSettings cutover,
        GateSettings gates,
        GuardrailSettings guardrails,
        RampSettings ramp,
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
                CutoverSettings.DEFAULTS,
                GateSettings.DEFAULTS,
                GuardrailSettings.DEFAULTS,
                RampSettings.DEFAULTS,
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
                legacy, target, rest, admin, repositories, pins, limits, cutover, gates, guardrails, ramp, telemetry);
    }

    /** The same with other limits of a cutover. */
    public Settings with(CutoverSettings limits) {
        return new Settings(
                legacy, target, rest, admin, repositories, pins, journal, limits, gates, guardrails, ramp, telemetry);
    }

    /** The same with other gates, guardrails and steps. */
    public Settings with(GateSettings others, GuardrailSettings limits, RampSettings steps) {
        return new Settings(
                legacy, target, rest, admin, repositories, pins, journal, cutover, others, limits, steps, telemetry);
    }

    /** The same with others to tell of events. */
    public Settings with(TelemetrySettings others) {
        return new Settings(
                legacy, target, rest, admin, repositories, pins, journal, cutover, gates, guardrails, ramp, others);
    }
}
