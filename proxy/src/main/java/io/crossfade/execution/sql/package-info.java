/**
 * Renders calls as SQL. The text depends only on the shape of a call, never on its values, so that prepared statements
 * are used again; values are always bound and identifiers always quoted. Start reading at
 * {@link io.crossfade.execution.sql.CallSql}.
 */
@NullMarked
package io.crossfade.execution.sql;

import org.jspecify.annotations.NullMarked;
