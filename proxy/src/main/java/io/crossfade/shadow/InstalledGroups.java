package io.crossfade.shadow;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.sides.Database;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** What was noted on an authority, as far as it decides whether a group can be shadowed. */
final class InstalledGroups {
    private InstalledGroups() {}

    /** Fails where a group captures nothing any more: what it missed would never come. */
    static Future<Void> refuseGivenUp(Database authority, Collection<String> repositories) {
        String query = """
                SELECT r.name FROM crossfade.repository AS r JOIN crossfade.capture AS c USING (group_name)
                WHERE c.given_up AND r.name = ANY ($1) ORDER BY r.name
                """;
        return authority
                .run(query, Tuple.of(repositories.toArray(String[]::new)), true)
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

    private static boolean isNotInstalled(DatabaseFailure failure) {
        return failure.code().equals("42P01") || failure.code().equals("3F000");
    }
}
