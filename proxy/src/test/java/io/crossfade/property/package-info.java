/** Databases, histories of writes and crash points that nobody thought of. Start reading at {@code ReplayPropertyTest}. */
@NullMarked
package io.crossfade.property;

import org.jspecify.annotations.NullMarked;
