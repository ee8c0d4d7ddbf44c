/**
 * Keeps the shadow equal to the authority while a group stands in a stage that needs it: the fence on the one side, the
 * replay of the journal from the other. Start reading at {@link io.crossfade.shadow.Shadowing}.
 */
@NullMarked
package io.crossfade.shadow;

import org.jspecify.annotations.NullMarked;
