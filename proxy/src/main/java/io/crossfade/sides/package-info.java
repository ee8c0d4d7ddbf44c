/**
 * The two databases themselves: connections, health, and the translation of what they say into failures. Start reading at
 * {@link io.crossfade.sides.Sides}.
 */
@NullMarked
package io.crossfade.sides;

import org.jspecify.annotations.NullMarked;
