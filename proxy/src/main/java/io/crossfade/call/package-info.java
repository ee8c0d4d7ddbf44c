/**
 * What an application asks of its data, whichever front door it came through: parsed, not yet routed, free of HTTP and
 * of SQL; and what came of it. Start reading at {@link io.crossfade.call.Call}.
 */
@NullMarked
package io.crossfade.call;

import org.jspecify.annotations.NullMarked;
