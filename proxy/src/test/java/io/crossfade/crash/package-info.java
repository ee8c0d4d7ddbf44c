/**
 * What must hold whatever dies: proxies, servers and wires are killed, put to sleep and cut under load. Start reading at
 * {@code CrashMatrixTest}.
 */
@NullMarked
package io.crossfade.crash;

import org.jspecify.annotations.NullMarked;
