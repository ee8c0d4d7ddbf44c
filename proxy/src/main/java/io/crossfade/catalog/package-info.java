/**
 * What each database looks like: relations, columns, keys and functions of the exposed schemas, read from the database
 * itself and refreshed on demand. Start reading at {@link io.crossfade.catalog.Catalog}.
 */
@NullMarked
package io.crossfade.catalog;

import org.jspecify.annotations.NullMarked;
