package io.crossfade.settings;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/**
 * What a configuration is read from, and what turned out to be wrong with it.
 *
 * @param file as the operator named it; null where there is only the environment
 * @param environment by name; a variable that is empty counts as unset
 */
record Source(@Nullable String file, Map<String, String> environment, List<Problem> problems) {
    private static final String ENVIRONMENT = "environment variable ";

    Source(@Nullable String file, Map<String, String> environment) {
        this(file, Map.copyOf(environment), new ArrayList<>());
    }

    /** Where a node of the file is. */
    Place place(Node node, String key) {
        return new Place(file + ":" + (node.getStartMark().getLine() + 1), key);
    }

    /** A variable of the environment, which stands for a key. */
    static Place variable(String variable, String key) {
        return new Place(ENVIRONMENT + variable, key);
    }

    /** Where something is that the file does not mention. */
    Place place(String key) {
        return new Place(file != null ? file : "configuration", key);
    }

    void report(Place place, String message) {
        problems.add(place.problem(message));
    }

    /** Fails with all problems together: those of the file in the order of its lines, then those of the environment. */
    void requireNoProblems() throws InvalidSettingsException {
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems.stream()
                    .distinct()
                    .sorted(Comparator.comparingInt(Source::line))
                    .toList());
        }
    }

    private static int line(Problem problem) {
        if (problem.where().startsWith(ENVIRONMENT)) {
            return Integer.MAX_VALUE;
        }
        String line = problem.where().substring(problem.where().lastIndexOf(':') + 1);
        return line.matches("\\d{1,9}") ? Integer.parseInt(line) : 0;
    }
}
