/**
 * The proxies that serve the same two databases, each as it was last heard of. It decides nothing. Start reading at
 * {@link io.crossfade.instance.Instances}.
 */
@NullMarked
package io.crossfade.instance;

import org.jspecify.annotations.NullMarked;
