/**
 * Asks the side that did not answer the same, after the caller has its answer, and says what differs: by rows and columns,
 * confirmed by reading again. Start reading at {@link io.crossfade.comparison.Comparer}; {@link io.crossfade.comparison.Mismatch} is what it finds.
 */
@NullMarked
package io.crossfade.comparison;

import org.jspecify.annotations.NullMarked;
