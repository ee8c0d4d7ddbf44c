package io.crossfade.shadow;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.sides.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What was installed on legacy, as far as it decides whether a group can be shadowed. */
final class InstalledGroups {
    private InstalledGroups() {}

    /** Fails where a group captures nothing any more: what it missed would never come. */
    static Future<Void> refuseGivenUp(Database legacy, Collection<String> repositories) {
        String query = """
                SELECT r.name FROM crossfade.repository AS r JOIN crossfade.capture AS c USING (group_name)
                WHERE c.given_up AND r.name = ANY ($1) ORDER BY r.name
                """;
        return legacy.run(query, Tuple.of(repositories.toArray(String[]::new)), true)
                .recover(error -> error instanceof DatabaseFailure failure && isNotInstalled(failure)
                        ? Future.succeededFuture()
                        : Future.failedFuture(error))
                .compose(rows -> {
                    Set<String> names = new TreeSet<>();
                    if (rows != null) {
                        rows.forEach(row -> names.add(row.getString(0)));
                    }
                    return names.isEmpty()
                            ? Future.succeededFuture()
                            : Future.failedFuture(new ShadowingException("The journal of " + String.join(", ", names)
                                    + " was given up: run './crossfade install' first"));
                });
    }

    /** The members of every group that one of the repositories belongs to, as it was installed. */
    static Future<Map<String, Set<String>>> members(Database legacy, Collection<String> repositories) {
        String query = """
                SELECT group_name, name FROM crossfade.repository
                WHERE group_name IN (SELECT group_name FROM crossfade.repository WHERE name = ANY ($1))
                """;
        return legacy.run(query, Tuple.of(repositories.toArray(String[]::new)), true)
                .map(rows -> {
                    Map<String, Set<String>> members = new TreeMap<>();
                    rows.forEach(row -> members.computeIfAbsent(row.getString(0), group -> new TreeSet<>())
                            .add(row.getString(1)));
                    return members;
                })
                .recover(error -> error instanceof DatabaseFailure failure && isNotInstalled(failure)
                        ? Future.succeededFuture(Map.of())
                        : Future.failedFuture(error))
                .compose(members -> missing(repositories, members));
    }

    private static Future<Map<String, Set<String>>> missing(
            Collection<String> repositories, Map<String, Set<String>> members) {
        Set<String> missing = new TreeSet<>(repositories);
        members.values().forEach(missing::removeAll);
        return missing.isEmpty()
                ? Future.succeededFuture(members)
                : Future.failedFuture(new ShadowingException("The writes of " + String.join(", ", missing)
                        + " are not captured yet: run './crossfade install' first"));
    }

    private static boolean isNotInstalled(DatabaseFailure failure) {
        return failure.code().equals("42P01") || failure.code().equals("3F000");
    }
}
