package io.crossfade.shadow;

import io.crossfade.routing.ShadowState;
import io.crossfade.routing.Shadows;
import io.crossfade.shadow.replay.Progress;
import io.crossfade.shadow.replay.Replayer;
import io.vertx.core.Future;
import java.time.OffsetDateTime;

/**
 * What the replay of a group knows, in the terms in which reads and writes ask for it. Only the instance that replays knows
 * whether the group is behind: to all others it always is.
 */
record ReplayedGroup(Replayer replayer) implements Shadows.Group {
    private static final int LONG_AGO_YEARS = 1;

    @Override
    public String name() {
        return replayer.group();
    }

    @Override
    public ShadowState state() {
        Progress progress = replayer.progress();
        OffsetDateTime asOf = progress.asOf();
        boolean inStep = progress.leading() && !progress.catchingUp() && progress.deadLetters() == 0;
        OffsetDateTime caughtUpAt = inStep && asOf != null ? asOf.minusYears(LONG_AGO_YEARS) : null;
        return new ShadowState(asOf, caughtUpAt, progress.seenNanos(), progress.seenNanos(), null);
    }

    @Override
    public Future<Void> caughtUp() {
        return replayer.caughtUp();
    }
}
