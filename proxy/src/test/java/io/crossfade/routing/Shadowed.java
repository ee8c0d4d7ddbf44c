package io.crossfade.routing;

import io.crossfade.call.Read;
import io.crossfade.migration.Side;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** What an instance could know of a shadow. */
record Shadowed(ShadowState state, boolean ownWriteMissing) {
    static final OffsetDateTime AS_OF = OffsetDateTime.of(2026, 3, 1, 12, 0, 0, 0, ZoneOffset.UTC);

    /** In step for long, and known at this local time to be so at this local time. */
    static Shadowed seen(long nanos) {
        return new Shadowed(new ShadowState(AS_OF, AS_OF.minusDays(1), nanos, nanos, null), false);
    }

    /** The same, but in step for so long only. */
    Shadowed inStepFor(Duration time) {
        return with(new ShadowState(AS_OF, AS_OF.minus(time), state.seenNanos(), state.knownNanos(), null));
    }

    /** The same, but behind. */
    Shadowed behind() {
        return with(new ShadowState(AS_OF, null, state.seenNanos(), state.knownNanos(), null));
    }

    /** The same, with a write of this instance that is not there yet. */
    Shadowed missingAnOwnWrite() {
        return new Shadowed(state, true);
    }

    ShadowView view() {
        return new ShadowView() {
            @Override
            public ShadowState state(Read read, Side authority) {
                return Shadowed.this.state;
            }

            @Override
            public boolean mayMissOwnWrite(Read read, Side authority, ShadowState known) {
                return ownWriteMissing;
            }
        };
    }

    private Shadowed with(ShadowState other) {
        return new Shadowed(other, ownWriteMissing);
    }
}
