/** What a user relies on, tried through the front doors against real databases. */
package io.crossfade.feature;
