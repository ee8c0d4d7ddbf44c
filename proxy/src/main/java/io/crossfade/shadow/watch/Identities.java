package io.crossfade.shadow.watch;

import io.crossfade.migration.Side;
import io.crossfade.shadow.install.Identity;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Which databases the two sides are, and how far their logs had come: what this proxy has seen itself, and what each side
 * keeps of the other. It shows that one was replaced or restored, whichever has the authority.
 *
 * <p>Threads: any.
 */
final class Identities {
    /** Of this many chances to write down where a side stands, one look and thus one for each side is taken. */
    private static final int KEEP_EVERY = 20;

    private final Sides sides;
    private final Map<Side, Identity> seen = new ConcurrentHashMap<>();
    private final AtomicInteger chances = new AtomicInteger();
    private volatile @Nullable Identity witnessOfLegacy;

    Identities(Sides sides) {
        this.sides = sides;
    }

    /** The side that is not what it was, and how; null where both are. */
    @Nullable
    Replaced replaced(Looks looks) {
        for (Side side : Side.values()) {
            Look look = looks.of(side);
            Identity now = look == null ? null : look.identity();
            Identity before = known(side, looks);
            String what = now == null || before == null ? null : now.differs(before);
            if (what != null) {
                return new Replaced(side, what);
            }
        }
        return null;
    }

    /** Takes what is seen for what is to be compared with; to be called only where nothing is wrong. */
    Future<Void> remember(Looks looks) {
        List<Future<?>> kept = new ArrayList<>();
        for (Side side : Side.values()) {
            Look look = looks.of(side);
            Identity now = look == null ? null : look.identity();
            if (now != null && known(side, looks) != null && (side == Side.TARGET || isConfirmed(looks))) {
                seen.put(side, now);
                if (chances.getAndIncrement() % KEEP_EVERY < 2) {
                    kept.add(now.keep((sql, values) ->
                                    sides.find(side.other()).orElseThrow().run(sql, values, false))
                            .recover(away -> Future.succeededFuture()));
                }
            }
        }
        return Future.join(kept).mapEmpty();
    }

    /** Whether what the target keeps of legacy is of the same database as at the look before, and how far it was then. */
    private boolean isConfirmed(Looks looks) {
        Look target = looks.target();
        Identity now = target == null ? null : target.witness();
        Identity before = witnessOfLegacy;
        return now == null || (before != null && before.parts().equals(now.parts()));
    }

    /** Ends a look: what the target keeps of legacy is compared with the next one, which asks legacy later. */
    void keep(Looks looks) {
        Look target = looks.target();
        Identity witness = target == null ? null : target.witness();
        if (witness != null) {
            witnessOfLegacy = witness;
        }
    }

    /** The farther of what the other side has written down and what this proxy has seen itself. */
    private @Nullable Identity known(Side side, Looks looks) {
        Look other = looks.of(side.other());
        Identity witness = other == null ? null : other.witness();
        if (witness != null && side == Side.LEGACY) {
            // The target was asked later: another proxy may have written down how far legacy had come by then.
            witness = isConfirmed(looks) ? witnessOfLegacy : new Identity(witness.parts(), null);
        }
        Identity own = seen.get(side);
        if (witness == null || own == null || !witness.parts().equals(own.parts())) {
            return witness == null ? own : witness;
        }
        return witness.position() == null || (own.position() != null && own.position() > witness.position())
                ? own
                : witness;
    }

    /** A side that is another database than before, or an older state of it. */
    record Replaced(Side side, String how) {}
}
