package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.vertx.core.Future;

/** What is written down before it is done: then nothing is done that nobody can find. */
final class Audited {
    private Audited() {}

    static Future<Void> first(Future<Void> written) {
        return written.recover(error -> Future.failedFuture(new Problem(
                Kind.UNAVAILABLE, "Nothing was done, because no database could write down that it was asked for")));
    }
}
