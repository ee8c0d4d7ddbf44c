/**
 * What happened, told once: the rest of the code reports an {@link io.crossfade.observation.Observation}, and log,
 * metrics and the admin page listen.
 */
@NullMarked
package io.crossfade.observation;

import org.jspecify.annotations.NullMarked;
