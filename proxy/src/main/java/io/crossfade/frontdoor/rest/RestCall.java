package io.crossfade.frontdoor.rest;

import io.crossfade.call.Call;
import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * A call, and what its answer needs to know of the request that it came in.
 *
 * @param contentLocation the canonical address of what was read, or null
 * @param contentProfile the schema to name in the answer, or null
 * @param preferenceApplied the preferences that had a meaning, or null
 */
record RestCall(
        Call call,
        HttpMethod method,
        Accept accept,
        @Nullable String contentLocation,
        @Nullable String contentProfile,
        @Nullable String preferenceApplied) {}
