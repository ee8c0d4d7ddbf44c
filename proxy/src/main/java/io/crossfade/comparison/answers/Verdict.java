package io.crossfade.comparison.answers;

import io.crossfade.comparison.Difference;
import io.crossfade.comparison.MismatchKind;
import io.crossfade.observation.Observation.ReadCompared;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What two answers come to: exactly one of matched, ignored and mismatched.
 *
 * @param differences of a mismatch, most telling first and bounded in number
 * @param kinds in what ways they differ; of what is ignored, only whether it is unstable
 * @param columns which differ, sorted
 */
public record Verdict(
        ReadCompared.Verdict result, List<Difference> differences, List<String> kinds, List<String> columns) {
    public static final Verdict MATCHED = new Verdict(ReadCompared.Verdict.MATCHED, List.of(), List.of(), List.of());

    public Verdict {
        differences = List.copyOf(differences);
        kinds = List.copyOf(kinds);
        columns = List.copyOf(columns);
    }

    static Verdict mismatched(List<Difference> differences) {
        return new Verdict(
                ReadCompared.Verdict.MISMATCHED,
                differences,
                differences.stream()
                        .map(difference -> difference.kind().label())
                        .distinct()
                        .toList(),
                differences.stream()
                        .flatMap(difference -> difference.columns().stream())
                        .distinct()
                        .sorted()
                        .toList());
    }

    static Verdict ignored(boolean unstable, Collection<String> columns) {
        return new Verdict(
                ReadCompared.Verdict.IGNORED,
                List.of(),
                unstable ? List.of(MismatchKind.UNSTABLE.label()) : List.of(),
                Set.copyOf(columns).stream().sorted().toList());
    }

    /** Whether the sides differ. */
    public boolean isMismatch() {
        return result == ReadCompared.Verdict.MISMATCHED;
    }
}
