package io.crossfade.state;

import io.crossfade.migration.Side;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A decision about one routing key. The key may be personal data, such as a phone number.
 *
 * @param side where its reads go; null where the key was let go again, also against the configuration
 * @param version grows with every decision about this key
 */
public record Pin(
        String key, @Nullable Side side, long version, String changedBy, OffsetDateTime changedAt) {
    /** Whether this one holds of the two. Two that were decided at once have one version; then the side decides. */
    boolean isAfter(@Nullable Pin other) {
        if (other == null || version != other.version) {
            return other == null || version > other.version;
        }
        return label().compareTo(other.label()) > 0;
    }

    private String label() {
        return side == null ? "" : side.label();
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "Pin[" + label() + ", version " + version + "]";
    }
}
