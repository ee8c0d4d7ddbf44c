package io.crossfade.work;

import org.jspecify.annotations.Nullable;

/**
 * One step of long work.
 *
 * @param name what is done, as an operator reads it
 * @param state how it stands
 * @param micros how long it took, or has taken up to now
 * @param detail what came of it, or what it waits for; null where there is nothing to say
 */
public record Step(
        String name, WorkState state, long micros, @Nullable String detail) {}
