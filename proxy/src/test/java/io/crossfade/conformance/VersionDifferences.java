package io.crossfade.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;

/**
 * Where PostgREST 14, whose dialect Crossfade speaks, answers otherwise than the 12.0.2 that the tests run. Every
 * difference is a line of {@link #TABLE}; what the table does not name must be equal.
 */
final class VersionDifferences {
    private record Difference(String topic, BiPredicate<Scenario, Answer> applies, UnaryOperator<Answer> becomes) {}

    private static final List<Difference> TABLE = List.of();

    private final List<String> met = new ArrayList<>();

    /** What version 14 answers where version 12 answered this. */
    Answer inVersion14(Scenario scenario, Answer observed) {
        Answer answer = observed;
        for (Difference difference : TABLE) {
            if (difference.applies().test(scenario, answer)) {
                answer = difference.becomes().apply(answer);
                met.add(difference.topic());
            }
        }
        return answer;
    }

    /** The answer without what is left to an implementation. */
    Answer comparable(Answer answer, Answer other) {
        return answer;
    }
}
