package io.crossfade.shadow.watch;

import io.crossfade.migration.Side;
import io.crossfade.shadow.watch.Identities.Replaced;
import io.crossfade.shadow.watch.Look.Seen;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the capture of one group.
 *
 * @param repositories those whose rows have to be compared anew
 */
record Findings(String reason, Set<String> repositories) {
    private static final String REMEDY =
            ". Reads stay on the authority; './crossfade install' puts capture back and compares the rows anew.";

    /** Why nothing is known of a side that answers. */
    static String uninstalled(Side side) {
        return "The schema crossfade is gone from " + side.label() + ", as after a restore" + REMEDY;
    }

    /**
     * Compares both sides of a group with what was written down of them.
     *
     * @param members as its authority has them
     * @param shadow null while that side does not answer
     * @return null where nothing is wrong
     */
    static @Nullable Findings of(
            Side authority, List<Seen> members, @Nullable Look shadow, @Nullable Replaced replaced) {
        String reason = null;
        Set<String> repositories = new TreeSet<>();
        for (Seen seen : members) {
            String found = replaced == null ? changed(authority, seen, shadow) : replaced(replaced);
            if (found != null) {
                reason = reason == null ? found : reason;
                repositories.add(seen.name());
            }
        }
        return reason == null ? null : new Findings(reason, repositories);
    }

    private static @Nullable String changed(Side authority, Seen seen, @Nullable Look shadow) {
        if (seen.changed() || seen.gap()) {
            return changed(authority, seen.name());
        }
        boolean changedThere =
                shadow != null && shadow.find(seen.name()).map(Seen::changed).orElse(false);
        return changedThere ? changed(authority.other(), seen.name()) : null;
    }

    private static String changed(Side side, String repository) {
        return "On " + side.label() + " the table, its keys or the triggers of " + repository
                + " were changed, or its capture had a gap" + REMEDY;
    }

    private static String replaced(Replaced replaced) {
        return "The " + replaced.side().label() + " database " + replaced.how() + REMEDY;
    }
}
