package io.crossfade.crash;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writers that write at the same time until they are stopped; an error of a database is what a caller would see. */
final class Load {
    /** One caller. */
    interface Writer {
        /** One step; whatever fails because a database or a proxy is away ends the step and no more. */
        void write();

        /** Ends what is open, so that every write is either there or not; called until it succeeds. */
        boolean settle();
    }

    private final List<Thread> threads = new ArrayList<>();
    private final List<Throwable> broken = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;

    private Load() {}

    static Load start(List<? extends Writer> writers) {
        Load load = new Load();
        for (Writer writer : writers) {
            Thread thread = new Thread(() -> load.run(writer), "writer");
            thread.setDaemon(true);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    private void run(Writer writer) {
        try {
            while (!stopping) {
                writer.write();
            }
            CrashRig.await("a writer settles", writer::settle);
        } catch (RuntimeException | Error e) {
            broken.add(e);
        }
    }

    /** Stops every writer after its step; fails where one met what no crash explains. */
    void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        broken.forEach(error -> {
            throw new AssertionError("a writer broke", error);
        });
    }
}
