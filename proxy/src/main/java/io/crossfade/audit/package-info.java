/**
 * The history of what operators and Crossfade's own rules have changed, kept in both databases and chained by hashes.
 * Changes of a state are written by the database itself, in the transaction that makes them; everything else goes through
 * {@link io.crossfade.audit.AuditLog}, where to start reading.
 */
@NullMarked
package io.crossfade.audit;

import org.jspecify.annotations.NullMarked;
