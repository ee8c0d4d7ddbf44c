/**
 * Decides which side answers a call: a pure function of the call and of an immutable route table, without any I/O. Start
 * reading at {@link io.crossfade.routing.Router}.
 */
@NullMarked
package io.crossfade.routing;

import org.jspecify.annotations.NullMarked;
