package io.crossfade.observation;

import io.crossfade.observation.Observation.AuthorityForced;
import io.crossfade.observation.Observation.AuthorityMoved;
import io.crossfade.observation.Observation.AuthorityStayed;
import io.crossfade.observation.Observation.CallServed;
import io.crossfade.observation.Observation.CaptureBroken;
import io.crossfade.observation.Observation.CaptureMended;
import io.crossfade.observation.Observation.CatalogFailed;
import io.crossfade.observation.Observation.CatalogRead;
import io.crossfade.observation.Observation.DeadLettered;
import io.crossfade.observation.Observation.DeadLettersDecided;
import io.crossfade.observation.Observation.Disagreement;
import io.crossfade.observation.Observation.GuardrailBreached;
import io.crossfade.observation.Observation.JournalAlarm;
import io.crossfade.observation.Observation.MismatchFirstSeen;
import io.crossfade.observation.Observation.Reconciled;
import io.crossfade.observation.Observation.ReplayFailed;
import io.crossfade.observation.Observation.Replayed;
import io.crossfade.observation.Observation.RetiredSideUsed;
import io.crossfade.observation.Observation.RolloutChanged;
import io.crossfade.observation.Observation.RowsGone;
import io.crossfade.observation.Observation.SequencesLeftAlone;
import io.crossfade.observation.Observation.SideHealth;
import io.crossfade.observation.Observation.SteppedDown;
import io.crossfade.observation.Observation.TokensRefused;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.observation.Observation.WatchFailed;
import io.crossfade.observation.Observation.WriteMismatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes observations to the log: what changes at INFO, what an operator should look at at WARN, our own faults at
 * ERROR, and every single call at DEBUG only. No values of the application's data appear, at any level.
 */
public final class LogObserver implements Observer {
    private static final Logger log = LoggerFactory.getLogger("io.crossfade");

    @Override
    public void observe(Observation observation) {
        if (observation instanceof CallServed served) {
            callServed(served);
        } else if (observation instanceof SideHealth health) {
            sideHealth(health);
        } else if (observation instanceof CatalogRead read) {
            log.info(
                    "Read the catalogue of {}: {} relations and {} functions in {} ms",
                    read.side().label(),
                    read.relations(),
                    read.functions(),
                    TimeUnit.NANOSECONDS.toMillis(read.nanos()));
        } else if (observation instanceof CatalogFailed failed) {
            log.warn("Could not read the catalogue of {}: {}", failed.side().label(), failed.problem());
        } else if (observation instanceof RolloutChanged changed) {
            log.info(
                    "Repository {} is now in stage {} with {} % of its reads on the target (epoch {})",
                    changed.repository(), changed.stage().label(), changed.rollout(), changed.epoch());
        } else if (observation instanceof TokensRefused) {
            log.warn("Too many wrong tokens were shown to the admin front door: it looks at none for a minute");
        } else if (observation instanceof Disagreement disagreement) {
            log.warn("The two sides of group {} do not agree yet: {}", disagreement.group(), disagreement.problem());
        } else if (observation instanceof Replayed replayed) {
            log.debug(
                    "Replayed {} rows of {} to {} in {} us",
                    replayed.rows(),
                    replayed.group(),
                    replayed.shadow().label(),
                    TimeUnit.NANOSECONDS.toMicros(replayed.nanos()));
        } else if (observation instanceof ReplayFailed failed) {
            log.warn("Replay of {} waits: {}", failed.group(), failed.problem());
        } else if (observation instanceof DeadLettered letter) {
            log.warn("The shadow would not take a row of {}: {}", letter.repository(), letter.problem());
        } else if (observation instanceof DeadLettersDecided decided) {
            log.info(
                    "Operator: {} of {} dead letter(s) of {} on {}",
                    decided.action(),
                    decided.letters(),
                    decided.repository(),
                    decided.shadow().label());
        } else if (observation instanceof SequencesLeftAlone left) {
            log.warn(
                    "Sequences of {} on {} were left alone: {}",
                    left.group(),
                    left.shadow().label(),
                    String.join("; ", left.problems()));
        } else if (observation instanceof SteppedDown down) {
            log.info("This replay of {} has ended: a newer one has its place", down.group());
        } else if (observation instanceof WriteMismatch mismatch) {
            log.warn(
                    "The shadow holds something else than what was written to it: {}, columns {}",
                    mismatch.repository(),
                    mismatch.columns());
        } else if (observation instanceof MismatchFirstSeen mismatch) {
            log.warn(
                    "The sides were found to differ in {}, and still do when read again ({}); see './crossfade mismatches'",
                    mismatch.repository(),
                    mismatch.kind());
        } else if (observation instanceof CaptureBroken broken) {
            log.warn("The shadow of group {} cannot be relied on: {}", broken.group(), broken.reason());
        } else if (observation instanceof CaptureMended mended) {
            log.info(
                    "The shadow of group {} can be relied on again (generation {})",
                    mended.group(),
                    mended.generation());
        } else if (observation instanceof JournalAlarm alarm) {
            log.warn(
                    "The journal on {} takes {} MB; at {} MB the groups that hold the most are given up, unless told otherwise",
                    alarm.side().label(),
                    alarm.bytes() >> 20,
                    alarm.hardSize() >> 20);
        } else if (observation instanceof AuthorityMoved moved) {
            log.info(
                    "Group {} is written on {} now; writes were held for {} ms",
                    moved.group(),
                    moved.to().label(),
                    moved.holdNanos() / 1_000_000);
        } else if (observation instanceof AuthorityForced forced) {
            log.warn(
                    "Group {} was given to {} by force; up to {} writes may be missing there",
                    forced.group(),
                    forced.to().label(),
                    forced.atRisk());
        } else if (observation instanceof Reconciled reconciled) {
            log.info(
                    "Operator {}: {} of {} unreplayed row(s) of group {}",
                    reconciled.operator(),
                    reconciled.action(),
                    reconciled.entries(),
                    reconciled.group());
        } else if (observation instanceof AuthorityStayed stayed) {
            log.warn("The authority did not move. {}", stayed.reason());
        } else if (observation instanceof GuardrailBreached breached) {
            guardrailBreached(breached);
        } else if (observation instanceof WatchFailed failed) {
            log.warn("Capture cannot be watched: {}", failed.problem());
        } else if (observation instanceof RowsGone gone) {
            log.warn(
                    "Reads of {} found rows on {} and have not found any {} times in a row: {}",
                    gone.repository(),
                    gone.side().label(),
                    gone.reads(),
                    gone.shape());
        } else if (observation instanceof RetiredSideUsed used) {
            log.warn(
                    "Side {} has not the authority, and somebody other than the proxies uses it: {} {}",
                    used.side().label(),
                    used.count(),
                    used.use().label());
        } else if (observation instanceof Unexpected unexpected) {
            log.error("Unexpected failure in {}", unexpected.where(), Wordless.of(unexpected.error()));
        }
    }

    private static void guardrailBreached(GuardrailBreached breached) {
        String done = switch (breached.action()) {
            case STEPPED_BACK -> "its reads are on legacy again";
            case ALARM -> "the target has its writes: decide whether to run './crossfade rollback'";
            case FAILED -> "it could not be stepped back, which is tried again";
        };
        log.warn("Guardrail {} of group {}: {}; {}", breached.guardrail(), breached.group(), breached.reason(), done);
    }

    private static void sideHealth(SideHealth health) {
        if (health.up()) {
            log.info("Side {} is up", health.side().label());
        } else {
            log.warn("Side {} is down: {}", health.side().label(), health.problem());
        }
    }

    private static void callServed(CallServed served) {
        if (log.isDebugEnabled()) {
            log.debug(
                    "{} {} answered by {} ({}): {} in {} us",
                    served.operation().label(),
                    served.repository(),
                    served.side() == null ? "nobody" : served.side().label(),
                    served.reason(),
                    served.code() == null ? "ok" : served.code(),
                    TimeUnit.NANOSECONDS.toMicros(served.nanos()));
        }
    }
}
