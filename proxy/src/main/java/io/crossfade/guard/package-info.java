/**
 * Watches over the groups whose reads the target answers: steps a rollout back where a limit is broken, and forward by
 * itself where it was asked to. Start reading at {@link io.crossfade.guard.Guardrails}.
 */
@NullMarked
package io.crossfade.guard;

import org.jspecify.annotations.NullMarked;
