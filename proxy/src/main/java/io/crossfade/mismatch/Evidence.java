package io.crossfade.mismatch;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What comparing says of a group.
 *
 * @param open mismatches that are confirmed and not resolved, the youngest first
 * @param compared what was compared, by repository
 * @param stretches when it was
 * @param forgottenAt when a confirmed mismatch, of whatever group, was last forgotten because there were too many; null
 *     where none was
 */
public record Evidence(
        List<FoundMismatch> open,
        Map<String, Compared> compared,
        List<Stretch> stretches,
        @Nullable OffsetDateTime forgottenAt) {
    public Evidence {
        open = List.copyOf(open);
        compared = Map.copyOf(compared);
        stretches = List.copyOf(stretches);
    }

    /** How many reads were compared. */
    public long reads() {
        return compared.values().stream().mapToLong(Compared::reads).sum();
    }

    /**
     * Since when reads are compared, without a pause longer than that; null where nothing was for so long.
     *
     * @param pause how long nothing may be compared, because nothing is read at night
     */
    public @Nullable OffsetDateTime steadySince(OffsetDateTime now, Duration pause) {
        List<Stretch> lastFirst = new ArrayList<>(stretches);
        lastFirst.sort(Comparator.comparing(Stretch::last).reversed());
        OffsetDateTime since = now;
        @Nullable OffsetDateTime steady = null;
        for (Stretch stretch : lastFirst) {
            if (stretch.last().plus(pause).isBefore(since)) {
                break;
            }
            since = stretch.first().isBefore(since) ? stretch.first() : since;
            steady = since;
        }
        return steady;
    }

    /** From the first comparison of some time to the last. */
    public record Stretch(OffsetDateTime first, OffsetDateTime last) {}
}
