package io.crossfade.shadow;

import io.crossfade.routing.ShadowState;
import io.crossfade.routing.Shadows;
import io.crossfade.shadow.replay.Progress;
import io.vertx.core.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the replay of a group knows, in the terms in which reads and writes ask for it.
 *
 * @param red whether the shadow may lack writes that were never captured, so that no read may rely on it
 */
record ReplayedGroup(Shadowed group, boolean red) implements Shadows.Group {
    @Override
    public String name() {
        return group.name();
    }

    @Override
    public ShadowState state() {
        Progress progress = group.progress();
        return new ShadowState(
                progress.asOf(),
                red || progress.behind() ? null : progress.caughtUpAt(),
                progress.seenNanos(),
                progress.knownNanos(),
                progress.behindSinceNanos() == 0 ? null : progress.behindSinceNanos());
    }

    @Override
    public boolean showsTrueState() {
        Progress progress = group.progress();
        return !red && !progress.behind() && progress.asOf() != null;
    }

    @Override
    public @Nullable Long written() {
        return group.replayer().written(group.name());
    }

    @Override
    public Future<Void> caughtUp() {
        return group.caughtUp();
    }

    @Override
    public Future<Void> caughtUp(Duration patience) {
        return group.caughtUp(patience);
    }
}
