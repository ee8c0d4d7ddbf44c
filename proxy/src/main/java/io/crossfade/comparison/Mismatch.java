package io.crossfade.comparison;

import io.crossfade.call.Operation;
import io.crossfade.migration.Side;
import java.time.Instant;
import java.util.List;

/**
 * A comparison that came to a difference.
 *
 * @param shape the call without its values
 * @param authority the side whose answer counts
 * @param confirmed whether reading again showed the same; else it was in flight
 * @param differences where the answers differ, most telling first and bounded in number; never empty
 */
public record Mismatch(
        String repository,
        Operation operation,
        String shape,
        Side authority,
        boolean confirmed,
        List<Difference> differences) {
    public Mismatch {
        differences = List.copyOf(differences);
    }

    /** Whoever keeps what was found. Called on an event loop: neither blocks nor throws, and bounds what it holds. */
    @FunctionalInterface
    public interface Sink {
        /** Nobody keeps it. */
        Sink NONE = mismatch -> {};

        void accept(Mismatch mismatch);

        /**
         * What was found to differ was read again, and both sides gave the same.
         *
         * @param began a moment after which it was read; what was confirmed since then is not meant
         */
        default void agrees(String repository, MismatchKind kind, List<String> columns, Instant began) {}
    }
}
