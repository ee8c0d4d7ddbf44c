/**
 * Brings both databases, and the replay between them, to what was decided about each group: by this instance or by any
 * other.
 */
@NullMarked
package io.crossfade.agreement;

import org.jspecify.annotations.NullMarked;
