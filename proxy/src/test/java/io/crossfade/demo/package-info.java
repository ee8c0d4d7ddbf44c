@NullMarked
package io.crossfade.demo;

import org.jspecify.annotations.NullMarked;
