/**
 * The two places and the six stages: the vocabulary of a migration, and the one truth table that says who writes, who
 * follows and who answers. It depends on nothing; start reading at {@link io.crossfade.migration.Stage}.
 */
@NullMarked
package io.crossfade.migration;

import org.jspecify.annotations.NullMarked;
