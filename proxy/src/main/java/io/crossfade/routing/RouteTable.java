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
 * @param pins routing keys that always go to one side
 */
public record RouteTable(
        long epoch, Map<String, RepositoryRollout> repositories, RepositoryRollout others, Map<String, Side> pins) {
    public RouteTable {
        repositories = Map.copyOf(repositories);
        pins = Map.copyOf(pins);
    }

    /** Where the repository stands. */
    public RepositoryRollout of(String repository) {
        RepositoryRollout listed = repositories.get(repository);
        return listed != null ? listed : others.inGroup(repository);
    }
}
