package io.crossfade.shadow.install;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says which columns of a table changed since it was installed. */
final class ChangedColumns {
    private ChangedColumns() {}

    /**
     * The difference, as a phrase.
     *
     * @param before the columns with their types
     * @param now the same; empty where the table is gone
     */
    static Optional<String> between(List<String> before, List<String> now) {
        List<String> fresh = new ArrayList<>(now);
        fresh.removeAll(before);
        List<String> gone = new ArrayList<>(before);
        gone.removeAll(now);
        if (before.isEmpty() || now.isEmpty() || (fresh.isEmpty() && gone.isEmpty())) {
            return Optional.empty();
        }
        List<String> parts = new ArrayList<>();
        if (!fresh.isEmpty()) {
            parts.add("new since the last installation: " + String.join(", ", fresh));
        }
        if (!gone.isEmpty()) {
            parts.add("gone since: " + String.join(", ", gone));
        }
        return Optional.of(String.join("; ", parts));
    }
}
