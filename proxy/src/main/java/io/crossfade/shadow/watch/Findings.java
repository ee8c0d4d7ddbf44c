package io.crossfade.shadow.watch;

import io.crossfade.migration.Side;
import io.crossfade.shadow.install.Identity;
import io.crossfade.shadow.watch.Look.Seen;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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
    static final String UNINSTALLED = "The schema crossfade is gone from legacy, as after a restore" + REMEDY;

    /**
     * Compares both sides with what was written down of them.
     *
     * @param shadow null while that side does not answer
     * @param knownLegacy what is known of legacy, or null
     * @param knownTarget what is known of the target, or null
     */
    static Map<String, Findings> of(
            Look authority, @Nullable Look shadow, @Nullable Identity knownLegacy, @Nullable Identity knownTarget) {
        String replaced = replaced(Side.LEGACY, authority.identity(), knownLegacy);
        if (replaced == null && shadow != null) {
            replaced = replaced(Side.TARGET, shadow.identity(), knownTarget);
        }
        Map<String, Findings> findings = new TreeMap<>();
        for (Seen seen : authority.repositories()) {
            boolean changedThere = shadow != null
                    && shadow.find(seen.name()).map(Seen::changed).orElse(false);
            String reason = replaced != null
                    ? replaced
                    : seen.changed() || seen.gap()
                            ? changed(Side.LEGACY, seen.name())
                            : changedThere ? changed(Side.TARGET, seen.name()) : null;
            if (reason != null) {
                findings.computeIfAbsent(seen.group(), group -> new Findings(reason, new TreeSet<>()))
                        .repositories()
                        .add(seen.name());
            }
        }
        return findings;
    }

    private static String changed(Side side, String repository) {
        return "On " + side.label() + " the table, its keys or the triggers of " + repository
                + " were changed, or its capture had a gap" + REMEDY;
    }

    private static @Nullable String replaced(Side side, @Nullable Identity now, @Nullable Identity known) {
        String what = now == null || known == null ? null : now.differs(known);
        return what == null ? null : "The " + side.label() + " database " + what + REMEDY;
    }
}
