/**
 * Keeps reads from missing what was written: knows the writes of this instance that the shadow may not have yet, and holds an
 * answer back until the shadow has its write. Start reading at {@link io.crossfade.execution.fresh.Freshness}.
 */
@NullMarked
package io.crossfade.execution.fresh;

import org.jspecify.annotations.NullMarked;
