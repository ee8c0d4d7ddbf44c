/**
 * Where each group stands, as one row on each side that every proxy reads, and that changes only by compare-and-set.
 * PostgreSQL is the only engine of coordination.
 */
@NullMarked
package io.crossfade.state;

import org.jspecify.annotations.NullMarked;
