package io.crossfade.frontdoor.rest;

import io.crossfade.call.Call;
import io.crossfade.call.Insert;
import io.crossfade.call.Outcome;
import io.vertx.core.http.HttpMethod;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call, and what its answer needs to know of the request that it came in.
 *
 * @param contentLocation the canonical address of what was read, or null
 * @param contentProfile the schema to name in the answer, or null
 * @param meaningful the kinds of preferences that mean something to a call of this kind
 */
record RestCall(
        Call call,
        HttpMethod method,
        Accept accept,
        @Nullable String contentLocation,
        @Nullable String contentProfile,
        Preferences preferences,
        Set<String> meaningful) {
    /** The preferences that were followed, or null where there are none. */
    @Nullable
    String preferenceApplied(Outcome outcome) {
        boolean resolved = !(call instanceof Insert) || outcome.inserted() != null;
        return preferences.applied(kind -> meaningful.contains(kind) && (resolved || !kind.equals("resolution")));
    }
}
