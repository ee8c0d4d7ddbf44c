package io.crossfade.routing;

import io.crossfade.migration.Side;
import java.util.Map;

/**
 * Where every repository stands at one moment. Immutable: a change is a new table, put in place by one reference
 * assignment, so that a call sees either all of a change or none of it.
 *
 * @param epoch grows with every change
 * @param repositories by API name
 * @param others what holds for a repository that is not listed
 * @param functions by the name of a function, the repository that it goes with
 * @param pins routing keys that always go to one side
 */
public record RouteTable(
        long epoch,
        Map<String, RepositoryRollout> repositories,
        RepositoryRollout others,
        Map<String, String> functions,
        Map<String, Side> pins) {
    public RouteTable {
        repositories = Map.copyOf(repositories);
        functions = Map.copyOf(functions);
        pins = Map.copyOf(pins);
    }

    /** Where no function goes with a repository. */
    public RouteTable(
            long epoch, Map<String, RepositoryRollout> repositories, RepositoryRollout others, Map<String, Side> pins) {
        this(epoch, repositories, others, Map.of(), pins);
    }

    /** Where the repository stands, or the one that goes with a function of that name. */
    public RepositoryRollout of(String repository) {
        RepositoryRollout listed = repositories.get(repository);
        if (listed != null) {
            return listed;
        }
        String user = functions.get(repository);
        return user != null ? of(user) : others.inGroup(repository);
    }
}
