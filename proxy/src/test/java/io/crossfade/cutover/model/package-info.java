/**
 * The protocol of cutover and rollback as a small state machine, searched exhaustively.
 *
 * <p>Start at {@link io.crossfade.cutover.model.Driver} for the steps of a cutover, {@link
 * io.crossfade.cutover.model.Rule} for
 * what keeps it safe and {@link io.crossfade.cutover.model.Promise} for what must hold in every state. Any party
 * may stop between
 * any two of its moves for as long as it likes, with what it has read and with its open transaction: that is how
 * a search over
 * interleavings sees a pause, a slow network and a party cut off from one side. Only what a pause cannot express
 * is a fault: a
 * crash, a restart of a database, an answer that is lost.
 */
@NullMarked
package io.crossfade.cutover.model;

import org.jspecify.annotations.NullMarked;
