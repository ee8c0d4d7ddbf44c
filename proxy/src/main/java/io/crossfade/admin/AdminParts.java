package io.crossfade.admin;

import io.crossfade.audit.AuditLog;
import io.crossfade.cutover.Cutovers;
import io.crossfade.cutover.Reconciliation;
import io.crossfade.guard.RolloutGuard;
import io.crossfade.mismatch.MismatchDesk;
import io.crossfade.observation.CallTally;
import io.crossfade.observation.Observer;
import io.crossfade.rollout.Rollouts;
import io.crossfade.shadow.DeadLetterDesk;
import io.crossfade.state.GroupStates;
import io.crossfade.state.Pins;
import io.crossfade.work.Works;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Optional;

/** The parts of a proxy that operators look at and decide about. */
public record AdminParts(
        Rollouts rollouts,
        RolloutGuard guard,
        GroupStates states,
        StatusSource status,
        DeadLetterDesk deadLetters,
        MismatchDesk mismatches,
        AuditLog audit,
        Works works,
        Optional<Cutovers> cutovers,
        Optional<Reconciliation> reconciliation,
        Optional<Pins> pins,
        Counted counted,
        CallTally tally,
        PrometheusMeterRegistry registry,
        Observer observer) {}
