/** Replay on two real databases. */
package io.crossfade.shadow.replay;
