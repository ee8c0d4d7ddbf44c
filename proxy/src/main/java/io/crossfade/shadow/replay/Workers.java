package io.crossfade.shadow.replay;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that replay, and the groups that wait for one, in the order in which they came: a group with a long backlog
 * goes to the end after each slice, so that the others have their turn.
 *
 * <p>Threads: any.
 */
final class Workers {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    private final int most;
    private final Supplier<Worker> hiring;
    private final String name;
    private final Queue<GroupReplay> waiting = new ArrayDeque<>();
    private final List<Worker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private int idle;
    private boolean stopping;

    /**
     * No worker as yet.
     *
     * @param most how many there may be; each begins when it is needed
     */
    Workers(int most, String name, Supplier<Worker> hiring) {
        this.most = most;
        this.name = name;
        this.hiring = hiring;
    }

    synchronized void offer(GroupReplay group) {
        waiting.add(group);
        if (waiting.size() > idle && workers.size() < most && !stopping) {
            Worker worker = hiring.get();
            Thread thread = new Thread(() -> work(worker), name + "-" + (workers.size() + 1));
            thread.setDaemon(true);
            workers.add(worker);
            threads.add(thread);
            thread.start();
        }
        notifyAll();
    }

    /** Whether a group waits for one of them, or nobody should begin with another slice. */
    synchronized boolean areAwaited() {
        return stopping || !waiting.isEmpty();
    }

    /** Ends the sessions of the worker that is at this group, so that it does not wait for a silent database. */
    synchronized void disturb(GroupReplay group) {
        workers.stream().filter(worker -> worker.isAt(group)).forEach(Worker::disturb);
    }

    /** As {@link #disturb(GroupReplay)}, for every worker. */
    synchronized void disturb() {
        workers.forEach(Worker::disturb);
    }

    /** Nobody begins with a group any more. */
    synchronized void stop() {
        stopping = true;
        notifyAll();
    }

    /** After {@link #stop}: waits for the batches in flight. */
    void join() throws InterruptedException {
        List<Thread> started;
        synchronized (this) {
            started = List.copyOf(threads);
        }
        for (Thread thread : started) {
            thread.join();
        }
    }

    private void work(Worker worker) {
        try (worker) {
            GroupReplay next = next();
            while (next != null) {
                serve(worker, next);
                next = next();
            }
        }
    }

    /** The group is given back before anybody is told, so that a fault of those who are told costs it nothing. */
    private static void serve(Worker worker, GroupReplay group) {
        try {
            worker.serve(group);
        } catch (RuntimeException | Error e) {
            worker.close();
            LOG.error(
                    "The worker at the group {} came upon {}; it goes on with new sessions.",
                    group.name(),
                    e.getClass().getName());
        }
    }

    private synchronized @Nullable GroupReplay next() {
        idle++;
        try {
            while (waiting.isEmpty() && !stopping) {
                wait();
            }
            return stopping ? null : waiting.poll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            idle--;
        }
    }
}
