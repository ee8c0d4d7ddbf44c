package io.crossfade.settings;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what holds a group back, and what brings it forward by itself. */
final class ForwardReader {
    private ForwardReader() {}

    static GateSettings gates(Section section) {
        GateSettings defaults = GateSettings.DEFAULTS;
        return new GateSettings(
                section.read("maxLag", Parsers.duration()).orElse(defaults.maxLag()),
                section.read("bypassQuiet", Parsers.span()).orElse(defaults.bypassQuiet()),
                section.read("soak", Parsers.span()).orElse(defaults.soak()));
    }

    static GuardrailSettings guardrails(Section section) {
        GuardrailSettings defaults = GuardrailSettings.DEFAULTS;
        return new GuardrailSettings(
                section.read("window", Parsers.duration()).orElse(defaults.window()),
                section.read("minSamples", Parsers.number(1, 1_000_000))
                        .map(Long::intValue)
                        .orElse(defaults.minSamples()),
                section.read("badWindows", Parsers.number(1, 1_000))
                        .map(Long::intValue)
                        .orElse(defaults.badWindows()),
                limit(section, "errorRate", Parsers.share(), defaults.errorRate()),
                limit(section, "latencyFactor", Parsers.factor(), defaults.latencyFactor()),
                section.read("latencyFloor", Parsers.duration()).orElse(defaults.latencyFloor()),
                limit(section, "maxLag", Parsers.duration(), defaults.maxLag()),
                limit(section, "mismatchRate", Parsers.share(), defaults.mismatchRate()),
                section.read("coolDown", Parsers.span()).orElse(defaults.coolDown()));
    }

    static RampSettings ramp(Section section) {
        RampSettings defaults = RampSettings.DEFAULTS;
        List<Double> steps = section.readList("steps", Parsers.share()).orElse(defaults.steps());
        if (steps.isEmpty() || !steps.equals(steps.stream().distinct().sorted().toList())) {
            section.report("steps", "must be shares that rise, such as [1, 5, 25, 50, 100]");
        }
        return new RampSettings(steps, section.read("soak", Parsers.span()).orElse(defaults.soak()));
    }

    private static <T> @Nullable T limit(Section section, String key, Parser<T> parser, @Nullable T usual) {
        Optional<Optional<T>> read =
                section.read(key, text -> "off".equals(text) ? Optional.empty() : Optional.of(parser.parse(text)));
        return read.isPresent() ? read.get().orElse(null) : usual;
    }
}
