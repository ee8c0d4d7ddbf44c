package io.crossfade.gates;

import io.crossfade.gates.Facts.Known;
import io.crossfade.migration.Side;
import io.crossfade.shadow.watch.GroupHealth;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The gates that are facts: somebody has to establish them, and a gap in capture voids them. */
final class FactGates {
    private static final Map<Fact.Kind, String> WANTED = Map.of(
            Fact.Kind.SCHEMA, "The schemas of both databases were not compared",
            Fact.Kind.BACKFILL, "The rows from before capture were not brought to the other side",
            Fact.Kind.VERIFY, "The rows of both sides were not compared");

    private static final String REMEDY = "; compare by your own means and override this gate with a reason";

    private FactGates() {}

    /** @param health how the capture of the group is, or null where that is not known */
    static Gate of(Fact.Kind kind, String group, Set<String> members, Known known, @Nullable GroupHealth health) {
        if (!known.silent().isEmpty()) {
            return Gate.unknown(
                    kind.label(),
                    "What was noted down cannot be read from "
                            + known.silent().stream().map(Side::label).collect(Collectors.joining(" and "))
                            + "; see to it that it answers");
        }
        Optional<Fact> found = known.agreed(group, kind);
        if (found.isEmpty()) {
            return Gate.red(kind.label(), WANTED.get(kind) + REMEDY);
        }
        Fact fact = found.get();
        return new Gate(kind.label(), state(fact, members, health), reason(fact, members, health), fact.at());
    }

    private static Gate.State state(Fact fact, Set<String> members, @Nullable GroupHealth health) {
        return fact.ok() && !isVoid(fact, health) && fact.repositories().containsAll(members)
                ? Gate.State.GREEN
                : Gate.State.RED;
    }

    private static String reason(Fact fact, Set<String> members, @Nullable GroupHealth health) {
        if (!fact.ok()) {
            return fact.detail() + REMEDY;
        }
        if (isVoid(fact, health)) {
            return WANTED.get(fact.kind()) + " since capture had a gap" + REMEDY;
        }
        if (!fact.repositories().containsAll(members)) {
            return WANTED.get(fact.kind()) + " for "
                    + members.stream()
                            .filter(member -> !fact.repositories().contains(member))
                            .sorted()
                            .collect(Collectors.joining(", "))
                    + REMEDY;
        }
        return fact.detail();
    }

    private static boolean isVoid(Fact fact, @Nullable GroupHealth health) {
        return health == null || health.generation() != fact.generation();
    }
}
