package io.crossfade.shadow.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The threads that replay, and the groups that wait for one, in the order in which they came: a group with a long backlog
 * goes to the end after each slice, so that the others have their turn.
 *
 * <p>Threads: any.
 */
final class Workers {
    private final int most;
    private final Supplier<Worker> hiring;
    private final String name;
    private final Queue<GroupReplay> waiting = new ConcurrentLinkedQueue<>();
    private final Semaphore ready = new Semaphore(0);
    private final List<Worker> workers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private int idle;
    private volatile boolean stopping;

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

    void offer(GroupReplay group) {
        waiting.add(group);
        ready.release();
        synchronized (this) {
            if (idle < ready.availablePermits() && workers.size() < most && !stopping) {
                Worker worker = hiring.get();
                Thread thread = new Thread(() -> work(worker), name + "-" + (workers.size() + 1));
                thread.setDaemon(true);
                workers.add(worker);
                threads.add(thread);
                thread.start();
            }
        }
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
    void stop() {
        stopping = true;
        ready.release(most);
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
                worker.serve(next);
                next = next();
            }
        }
    }

    private @Nullable GroupReplay next() {
        count(1);
        try {
            ready.acquire();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            count(-1);
        }
        return stopping ? null : waiting.poll();
    }

    private synchronized void count(int change) {
        idle += change;
    }
}
