/**
 * What a person types: one class per command word. Nothing here decides anything about a call; start reading at
 * {@link io.crossfade.cli.Main}.
 */
@NullMarked
package io.crossfade.cli;

import org.jspecify.annotations.NullMarked;
