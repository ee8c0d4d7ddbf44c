/**
 * What comparing has proved, by the shape of calls, and two alarms: rows that are not found any more, and a side that
 * should be at rest and is not. Start reading at {@link io.crossfade.evidence.Evidence}.
 */
@NullMarked
package io.crossfade.evidence;

import org.jspecify.annotations.NullMarked;
