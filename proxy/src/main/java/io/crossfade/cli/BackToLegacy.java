package io.crossfade.cli;

import io.crossfade.Crossfade;
import io.crossfade.cutover.Begun;
import io.crossfade.cutover.Begun.Refused;
import io.crossfade.cutover.Begun.Started;
import io.crossfade.cutover.Cutovers;
import io.crossfade.migration.Stage;
import io.crossfade.rollout.By;
import io.crossfade.work.Work;
import io.crossfade.work.WorkState;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Takes everything back to legacy at start, as an ordinary rollback does: what would lose a write stays where it is. */
final class BackToLegacy {
    private BackToLegacy() {}

    /**
     * Begins it.
     *
     * @param setting who wants it, which is kept in the history
     * @param tell gets a sentence about what came of it; on any thread
     */
    static void begin(Crossfade crossfade, String setting, Consumer<String> tell) {
        Cutovers cutovers = crossfade.cutovers().orElse(null);
        if (cutovers == null) {
            tell.accept(setting + ": there is one database only, and it is legacy.");
            return;
        }
        Begun begun = cutovers.rollback(Set.of(), Stage.SHADOW, new By("environment", setting, false));
        if (begun instanceof Started started) {
            tell.accept(setting + ": everything goes back to legacy.");
            follow(crossfade, started.work(), ended -> tell.accept(setting + ": " + sentence(ended)));
        } else if (begun instanceof Refused refused) {
            tell.accept(setting + ": " + refused.reason() + ", as far as the databases answer.");
        }
    }

    private static void follow(Crossfade crossfade, Work work, Consumer<Work> end) {
        AtomicBoolean told = new AtomicBoolean();
        Consumer<Work> look = now -> {
            if (now.id().equals(work.id()) && now.state() != WorkState.RUNNING && told.compareAndSet(false, true)) {
                end.accept(now);
            }
        };
        crossfade.works().onStep(look);
        // It may have ended before anybody listened.
        crossfade.works().find(work.id()).ifPresent(look);
    }

    private static String sentence(Work ended) {
        return ended.state() == WorkState.DONE
                ? String.valueOf(ended.outcome())
                : ended.outcome() + " What could not go back without a loss stays where it is; './crossfade status' shows it.";
    }
}
