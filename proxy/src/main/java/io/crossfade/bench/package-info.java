/**
 * Measures what a call costs more through the proxy than straight at the database: the same calls, in turns, in one
 * run on one machine. Start reading at {@link io.crossfade.bench.Bench}.
 */
@NullMarked
package io.crossfade.bench;

import org.jspecify.annotations.NullMarked;
