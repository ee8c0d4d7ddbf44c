package io.crossfade.shadow.watch;

import io.crossfade.migration.Side;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What both sides were like, each group's shadow after its authority. An installation ends with the authority: so it is
 * never seen half done and taken for a gap.
 *
 * @param targetFirst the target before legacy was looked at; null where no group needs it, or it does not answer
 * @param legacy null where it does not answer
 * @param target after legacy; null where it does not answer
 * @param problem why a side does not answer whose word is needed, or null
 */
record Looks(
        @Nullable Look targetFirst,
        @Nullable Look legacy,
        @Nullable Look target,
        @Nullable String problem) {
    /**
     * Looks at them.
     *
     * @param alsoFirst whether the target is the authority of some group, which costs one look more
     */
    static Future<Looks> take(Sides sides, boolean alsoFirst) {
        Optional<Database> target = sides.find(Side.TARGET);
        Future<@Nullable Look> first = alsoFirst ? look(target) : Future.succeededFuture();
        Database legacy = sides.find(Side.LEGACY).orElseThrow();
        return first.compose(early -> Look.at(legacy)
                .transform(there -> look(target).map(late -> {
                    String problem = there.failed()
                            ? String.valueOf(there.cause().getMessage())
                            : alsoFirst && early == null && target.isPresent() ? "the target does not answer" : null;
                    return new Looks(early, there.result(), late, problem);
                })));
    }

    private static Future<@Nullable Look> look(Optional<Database> side) {
        return side.map(database ->
                        Look.at(database).<@Nullable Look>map(look -> look).otherwise(away -> null))
                .orElseGet(Future::succeededFuture);
    }

    /** What the groups of an authority are judged by; null where it does not answer. */
    @Nullable
    Look ofAuthority(Side authority) {
        return authority == Side.LEGACY ? legacy : targetFirst;
    }

    /** What the shadow of an authority was like after it; null where it does not answer, or has nothing of ours. */
    @Nullable
    Look ofShadow(Side authority) {
        Look shadow = of(authority.other());
        return shadow == null || shadow.isUninstalled() ? null : shadow;
    }

    /** The last look at a side; null where it does not answer. */
    @Nullable
    Look of(Side side) {
        return side == Side.LEGACY ? legacy : target;
    }

    /** The sides that answer. */
    Map<Side, Look> answering() {
        Map<Side, Look> answering = new EnumMap<>(Side.class);
        for (Side side : Side.values()) {
            Look look = of(side);
            if (look != null) {
                answering.put(side, look);
            }
        }
        return answering;
    }
}
