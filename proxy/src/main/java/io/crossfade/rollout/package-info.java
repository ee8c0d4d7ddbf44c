/**
 * Moves repositories: holds the route table that every call reads, and changes it by the rules. Start reading at
 * {@link io.crossfade.rollout.Rollouts}.
 */
@NullMarked
package io.crossfade.rollout;

import org.jspecify.annotations.NullMarked;
