/**
 * Runs a call on the side that its route names. Start reading at {@link io.crossfade.execution.Executor}.
 */
@NullMarked
package io.crossfade.execution;

import org.jspecify.annotations.NullMarked;
