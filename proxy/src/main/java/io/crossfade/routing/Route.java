package io.crossfade.routing;

import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The decision about one call; nobody decides again after it.
 *
 * @param answering the side whose outcome the caller receives
 * @param shadow the side that a write is brought to, or null
 * @param compare whether the other side may be asked the same, to compare
 * @param stage the stage that it was decided in
 * @param reason why that side answers
 */
public record Route(Side answering, @Nullable Side shadow, boolean compare, Stage stage, Reason reason) {
    /** Why a side answers; the labels are those of the metric {@code crossfade_routed_total}. */
    public enum Reason {
        /** The stage alone says so. */
        STAGE,
        /** The routing key falls, or does not fall, into the share of the rollout. */
        ROLLOUT,
        /** The routing key is pinned. */
        PIN,
        /** The shadow was to answer, and a write through this instance may not be there yet. */
        FRESH,
        /** The shadow was to answer, and is not known to be fresh enough. */
        CATCHING_UP;

        /** The name used in metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
