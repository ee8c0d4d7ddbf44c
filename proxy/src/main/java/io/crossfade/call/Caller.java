package io.crossfade.call;

import org.jspecify.annotations.Nullable;

/**
 * Who asked, as far as routing cares: what makes a rollout sticky when the call itself names no routing key.
 *
 * @param key the routing key that the caller gave explicitly ({@code X-Crossfade-Key}), or null
 * @param identity the last resort: something stable about the caller, such as its address and a hash of its key, so
 *     that no secret travels
 */
public record Caller(@Nullable String key, String identity) {}
