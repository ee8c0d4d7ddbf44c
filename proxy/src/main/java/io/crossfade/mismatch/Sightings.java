package io.crossfade.mismatch;

import java.util.List;

/** What one call showed of one group of mismatches. */
record Sightings(boolean confirmed, String shape, List<Sample> samples) {
    Sightings {
        samples = List.copyOf(samples);
    }
}
