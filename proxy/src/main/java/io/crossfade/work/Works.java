package io.crossfade.work;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The long work of this instance: what runs, and the last of what has ended.
 *
 * <p>Threads: any. Listeners are told of every step, on the thread that took it, and must not block.
 */
public final class Works {
    private static final int KEPT = 100;

    private final Deque<RunningWork> all = new ArrayDeque<>();
    private final List<Consumer<Work>> listeners = new CopyOnWriteArrayList<>();

    /** Begins work; whoever does it tells its steps by what is returned. */
    public RunningWork begin(String kind, Set<String> groups, String startedBy) {
        RunningWork begun =
                new RunningWork(UUID.randomUUID().toString(), kind, groups, startedBy, Instant.now(), this::tell);
        synchronized (all) {
            all.addFirst(begun);
            while (all.size() > KEPT && !all.getLast().isRunning()) {
                all.removeLast();
            }
        }
        tell(begun.now());
        return begun;
    }

    /** The newest first. */
    public List<Work> list() {
        synchronized (all) {
            return new ArrayList<>(all).stream().map(RunningWork::now).toList();
        }
    }

    /** The one with this id, if it is still known. */
    public Optional<Work> find(String id) {
        return list().stream().filter(work -> work.id().equals(id)).findFirst();
    }

    /** Has {@code listener} told of every step from now on. */
    public void onStep(Consumer<Work> listener) {
        listeners.add(listener);
    }

    private void tell(Work work) {
        listeners.forEach(listener -> listener.accept(work));
    }
}
