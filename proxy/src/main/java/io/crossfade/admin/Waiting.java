package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.work.Work;
import io.crossfade.work.WorkState;
import io.crossfade.work.Works;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Those who wait for the next step of long work. Each is answered once: by the step, by the time that it would wait, or not at
 * all where it went away.
 *
 * <p>Threads: any.
 */
final class Waiting {
    private static final int MOST = 100;

    private final Set<One> all = ConcurrentHashMap.newKeySet();
    private final Works works;

    /** Listens to this work from now on. */
    Waiting(Works works) {
        this.works = works;
        works.onStep(work -> all.forEach(one -> one.look(work)));
    }

    /**
     * Answers as soon as the work goes beyond {@code steps} steps or has ended.
     *
     * @param answer gets the work as it is then, on the context that asks now
     */
    void answer(RoutingContext context, Work known, int steps, long millis, Consumer<Work> answer) {
        if (isBeyond(known, steps)) {
            answer.accept(known);
            return;
        }
        if (all.size() >= MOST) {
            throw new Problem(Kind.TOO_MANY_LISTENERS, MOST + " wait already; ask without 'wait'");
        }
        Vertx vertx = context.vertx();
        One one = new One(known.id(), steps, vertx.getOrCreateContext(), answer);
        all.add(one);
        long timer =
                vertx.setTimer(millis, late -> one.answer(works.find(known.id()).orElse(known)));
        one.onEnd = () -> vertx.cancelTimer(timer);
        context.response().closeHandler(gone -> {
            var unused = one.end();
        });
        // It may have gone on since it was looked at.
        works.find(known.id()).ifPresent(one::look);
    }

    private static boolean isBeyond(Work work, int steps) {
        return work.state() != WorkState.RUNNING || work.steps().size() > steps;
    }

    private final class One {
        private final String id;
        private final int steps;
        private final Context context;
        private final Consumer<Work> answer;
        private final AtomicBoolean ended = new AtomicBoolean();
        private volatile Runnable onEnd = () -> {};

        One(String id, int steps, Context context, Consumer<Work> answer) {
            this.id = id;
            this.steps = steps;
            this.context = context;
            this.answer = answer;
        }

        void look(Work work) {
            if (work.id().equals(id) && isBeyond(work, steps)) {
                answer(work);
            }
        }

        void answer(Work work) {
            if (end()) {
                context.runOnContext(now -> answer.accept(work));
            }
        }

        /** Whether it was this that ended it. */
        boolean end() {
            all.remove(this);
            onEnd.run();
            return ended.compareAndSet(false, true);
        }
    }
}
