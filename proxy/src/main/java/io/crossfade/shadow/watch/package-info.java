/**
 * Watches over capture: that no trigger was disabled, no table changed, no fence lowered, no database restored, and no
 * journal grown beyond its limit. Start reading at {@link io.crossfade.shadow.watch.Watchdog}.
 */
@NullMarked
package io.crossfade.shadow.watch;

import org.jspecify.annotations.NullMarked;
