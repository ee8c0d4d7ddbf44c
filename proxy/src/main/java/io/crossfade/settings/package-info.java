/**
 * What the operator configured, as records that are read and checked once, at start. Everything here has passed
 * validation; start reading at {@link io.crossfade.settings.Settings}.
 */
@NullMarked
package io.crossfade.settings;

import org.jspecify.annotations.NullMarked;
