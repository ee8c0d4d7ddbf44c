/**
 * Brings every journalled change from the authority to the shadow, one true snapshot after the other, and loses nothing
 * on the way. Start reading at {@link io.crossfade.shadow.replay.Replayer}, then {@code Watcher}, and {@code Batch}
 * for what a worker does.
 */
@NullMarked
package io.crossfade.shadow.replay;

import org.jspecify.annotations.NullMarked;
