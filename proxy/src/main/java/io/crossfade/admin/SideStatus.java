package io.crossfade.admin;

import io.crossfade.migration.Side;
import org.jspecify.annotations.Nullable;

/**
 * How one side is.
 *
 * @param address host, port and database, without login
 * @param problem why it is down, in a sentence, or null
 * @param poolSize the most connections that calls may use at once
 */
public record SideStatus(
        Side side, String address, boolean up, @Nullable String problem, int poolSize) {}
