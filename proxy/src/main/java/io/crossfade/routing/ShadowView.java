package io.crossfade.routing;

import io.crossfade.call.Read;
import io.crossfade.migration.Side;
import org.jspecify.annotations.Nullable;

/** What the router asks about the shadow. Answers come from memory, without a lock, because they are on the way of a read. */
public interface ShadowView {
    /** Nothing is shadowed. */
    ShadowView NONE = new ShadowView() {
        @Override
        public @Nullable ShadowState state(Read read, Side authority) {
            return null;
        }

        @Override
        public boolean mayMissOwnWrite(Read read, Side authority, ShadowState state) {
            return false;
        }
    };

    /** What is known of the shadow of the read's repository that follows this authority, or null where nothing is. */
    @Nullable
    ShadowState state(Read read, Side authority);

    /** Whether a write made through this instance, which that state may not include, may have touched rows of the read. */
    boolean mayMissOwnWrite(Read read, Side authority, ShadowState state);
}
