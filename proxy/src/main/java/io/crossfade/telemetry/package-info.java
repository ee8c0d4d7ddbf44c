/**
 * What is told about the proxy to systems that watch it: numbers of the process and its connections for Prometheus, and
 * the few events that a person should see for Sentry. Start reading at {@link io.crossfade.telemetry.SentryObserver}.
 */
@NullMarked
package io.crossfade.telemetry;

import org.jspecify.annotations.NullMarked;
