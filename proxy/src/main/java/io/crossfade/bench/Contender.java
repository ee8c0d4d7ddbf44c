package io.crossfade.bench;

import io.vertx.core.Future;

/** One of the two ways to the database that are compared. */
interface Contender {
    /**
     * Makes one call of this case.
     *
     * @param worker which of the callers asks, so that no two write the same rows
     * @param turn how many calls this caller made before
     * @return fails where the answer is not what the case expects
     */
    Future<Void> call(BenchCase measured, int worker, int turn);
}
