/**
 * Moves the authority of groups from one side to the other and back, with writes held for moments and none lost. Start
 * reading at {@link io.crossfade.cutover.Cutovers}.
 */
@NullMarked
package io.crossfade.cutover;

import org.jspecify.annotations.NullMarked;
