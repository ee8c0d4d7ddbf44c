/**
 * Crossfade to try out: two embedded databases with the booking bot's tables and rows, and traffic like the bot's, all
 * made up and the same each time. Start reading at {@link io.crossfade.demo.Demo}.
 */
@NullMarked
package io.crossfade.demo;

import org.jspecify.annotations.NullMarked;
