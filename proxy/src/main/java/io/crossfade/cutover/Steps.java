package io.crossfade.cutover;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The steps of one move: each is told when it begins, and timed when it ends. */
final class Steps {
    private final Map<String, Long> nanos = new LinkedHashMap<>();
    private final Consumer<String> begun;

    Steps(Consumer<String> begun) {
        this.begun = begun;
    }

    <T> Future<T> run(String name, Supplier<Future<T>> step) {
        begun.accept(name);
        long start = System.nanoTime();
        return step.get().onComplete(done -> record(name, System.nanoTime() - start));
    }

    synchronized Map<String, Long> nanos() {
        return new LinkedHashMap<>(nanos);
    }

    private synchronized void record(String name, long took) {
        nanos.merge(name, took, Long::sum);
    }
}
