/**
 * How the two sides do, hour by hour: calls, errors, rows and times by repository and operation, so that one database can be
 * set against the other after days of running both. Start reading at {@link io.crossfade.statistics.Statistics}.
 */
@NullMarked
package io.crossfade.statistics;

import org.jspecify.annotations.NullMarked;
