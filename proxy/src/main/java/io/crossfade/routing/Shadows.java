package io.crossfade.routing;

import io.crossfade.migration.Side;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The groups whose shadow this instance knows something about. Threads: any; nothing blocks. */
@FunctionalInterface
public interface Shadows {
    /** Nothing is shadowed. */
    Shadows NONE = (repository, authority) -> null;

    /**
     * The group of the repository, or null where it is not shadowed from this authority: what is known of the other
     * direction says nothing.
     */
    @Nullable
    Group of(String repository, Side authority);

    /** Repositories that are shadowed together. */
    interface Group {
        /** The name under which it was installed. */
        String name();

        /** What is known now; one read of memory. */
        ShadowState state();

        /**
         * Whether the shadow shows a state that the authority had, whole, however old; one read of memory. What answers callers
         * needs a lease beside, which a slow machine may lose while this holds.
         */
        default boolean showsTrueState() {
            return !state().isBehind();
        }

        /**
         * A number that grows before {@link #caughtUp} completes for a write that was replayed meanwhile, so that the group was not
         * written at all where it stays the same between two of them; null where this instance cannot say, as another one replays.
         */
        default @Nullable Long written() {
            return null;
        }

        /**
         * Completes when everything that had committed on the authority before this call is on the shadow; fails where the
         * shadowing ends before. It sets no limit of time.
         */
        Future<Void> caughtUp();

        /** The same for those who wait no longer than this: nothing is kept of them then. */
        default Future<Void> caughtUp(Duration patience) {
            return caughtUp().timeout(patience.toMillis(), TimeUnit.MILLISECONDS);
        }
    }
}
