/**
 * Crossfade stands between an application and two PostgreSQL databases and moves the application from one to the other
 * while it runs. This package is the composition root: start reading at {@link io.crossfade.Crossfade}.
 */
@NullMarked
package io.crossfade;

import org.jspecify.annotations.NullMarked;
