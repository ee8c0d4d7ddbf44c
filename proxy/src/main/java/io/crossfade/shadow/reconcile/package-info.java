/**
 * The rows that one side had written as the authority and that the other lacked when it took the writes over: how they are
 * put on a list where they are, and what can be done about each. Start reading at
 * {@link io.crossfade.shadow.reconcile.Unreplayed}.
 */
@NullMarked
package io.crossfade.shadow.reconcile;

import org.jspecify.annotations.NullMarked;
