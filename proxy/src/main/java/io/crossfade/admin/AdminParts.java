package io.crossfade.admin;

import io.crossfade.observation.CallTally;
import io.crossfade.observation.Observer;
import io.crossfade.rollout.Rollouts;
import io.crossfade.shadow.DeadLetterDesk;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** The parts of a proxy that operators look at and decide about. */
public record AdminParts(
        Rollouts rollouts,
        StatusSource status,
        DeadLetterDesk deadLetters,
        CallTally tally,
        PrometheusMeterRegistry registry,
        Observer observer) {}
