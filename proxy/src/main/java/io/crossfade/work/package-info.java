/**
 * Long work that somebody asked for, step by step, so that whoever looks can see how far it is. It does nothing itself.
 */
@NullMarked
package io.crossfade.work;

import org.jspecify.annotations.NullMarked;
