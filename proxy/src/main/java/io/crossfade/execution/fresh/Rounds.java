package io.crossfade.execution.fresh;

import io.crossfade.routing.Shadows;
import io.vertx.core.Promise;
import java.util.HashSet;
import java.util.Set;

/**
 * Asks for one group, on behalf of all who wait, whether the shadow has caught up: one question is under way, and all who
 * come meanwhile share the next one, because the present one may have been asked before their writes had committed. So
 * however long the shadow is away, one question waits for it.
 *
 * <p>Threads: any; the lock is held for the moves between two sets only, and by nobody but those who wait anyway.
 */
final class Rounds {
    private Set<Promise<Void>> asked = new HashSet<>();
    private Set<Promise<Void>> next = new HashSet<>();
    private boolean underWay;

    /** Completes the promise when everything that had committed before this call is on the shadow. */
    void join(Promise<Void> waiting, Shadows.Group group) {
        synchronized (this) {
            next.add(waiting);
            if (underWay) {
                return;
            }
            begin();
        }
        ask(group);
    }

    /** Does not wait any longer. */
    synchronized void leave(Promise<Void> waiting) {
        asked.remove(waiting);
        next.remove(waiting);
    }

    private void begin() {
        underWay = true;
        asked = next;
        next = new HashSet<>();
    }

    private void ask(Shadows.Group group) {
        group.caughtUp().onComplete(answer -> {
            // Where the shadowing ended, whoever waits does so for as long as its limit says.
            answered(answer.succeeded(), group).forEach(Promise::tryComplete);
        });
    }

    private Set<Promise<Void>> answered(boolean caughtUp, Shadows.Group group) {
        Set<Promise<Void>> done;
        boolean again;
        synchronized (this) {
            done = caughtUp ? asked : Set.of();
            asked = new HashSet<>();
            underWay = false;
            again = caughtUp && !next.isEmpty();
            if (again) {
                begin();
            }
        }
        if (again) {
            ask(group);
        }
        return done;
    }
}
