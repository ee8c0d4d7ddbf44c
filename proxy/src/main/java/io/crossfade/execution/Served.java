package io.crossfade.execution;

import io.crossfade.call.Outcome;
import io.crossfade.routing.Route;

/** A call that was answered, and by whom. */
public record Served(Outcome outcome, Route route) {}
