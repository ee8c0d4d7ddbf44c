package io.crossfade.settings;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Reads how reads are compared, and refuses what could not be kept. */
final class ComparisonReader {
    private ComparisonReader() {}

    static ComparisonSettings read(Section section) {
        ComparisonSettings defaults = ComparisonSettings.DEFAULTS;
        boolean fail = section.read("fail", Parsers.flag()).orElse(defaults.fail());
        double sample = section.read("sample", Parsers.share()).orElse(fail ? 100.0 : defaults.sample());
        if (fail && sample < 100) {
            section.report("sample", "must be 100 with fail: true, which is about every read; leave it out");
        }
        return new ComparisonSettings(
                sample,
                section.read("maxInFlight", Parsers.number(1, 1_000))
                        .map(Long::intValue)
                        .orElse(defaults.maxInFlight()),
                section.read("timeout", Parsers.duration()).orElse(defaults.timeout()),
                section.read("poolSize", Parsers.number(1, 100))
                        .map(Long::intValue)
                        .orElse(defaults.poolSize()),
                section.read("noiseShare", Parsers.share()).orElse(defaults.noiseShare()),
                section.read("maxBytes", Parsers.size()).orElse(defaults.maxBytes()),
                fail);
    }

    /** {@code compare} of a repository: {@code off}, or a block. */
    static CompareSettings ofRepository(Section repository) {
        CompareSettings defaults = CompareSettings.DEFAULTS;
        if (!repository.holdsBlock("compare")) {
            boolean off = repository.read("compare", Parsers.off()).orElse(false);
            return off ? CompareSettings.OFF : defaults;
        }
        Section keys = repository.section("compare", Keys.COMPARE);
        List<String> ignore = keys.readList("ignore", Parsers.text()).orElse(List.of());
        Duration precision =
                keys.read("timestampPrecision", Parsers.precision()).orElse(defaults.timestampPrecision());
        BigDecimal tolerance =
                keys.read("numericTolerance", Parsers.tolerance()).orElse(defaults.numericTolerance());
        return new CompareSettings(
                false, keys.read("sample", Parsers.share()).orElse(null), Set.copyOf(ignore), tolerance, precision);
    }
}
