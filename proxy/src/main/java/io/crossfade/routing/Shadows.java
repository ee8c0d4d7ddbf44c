package io.crossfade.routing;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** The groups whose shadow this instance knows something about. Threads: any; nothing blocks. */
@FunctionalInterface
public interface Shadows {
    /** Nothing is shadowed. */
    Shadows NONE = repository -> null;

    /** The group of the repository, or null where it is not shadowed. */
    @Nullable
    Group of(String repository);

    /** Repositories that are shadowed together. */
    interface Group {
        /** The name under which it was installed. */
        String name();

        /** What is known now; one read of memory. */
        ShadowState state();

        /**
         * Completes when everything that had committed on the authority before this call is on the shadow; fails where the
         * shadowing ends before. It sets no limit of time.
         */
        Future<Void> caughtUp();
    }
}
