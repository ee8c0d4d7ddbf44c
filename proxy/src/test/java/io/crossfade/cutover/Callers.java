package io.crossfade.cutover;

import java.util.ArrayList;
import java.util.List;

/** Callers at work at the same time, until they are stopped. */
final class Callers implements AutoCloseable {
    /** One step of one caller; it comes back however it went. */
    interface Caller {
        void call();
    }

    private final List<Thread> threads = new ArrayList<>();
    private final Accounts accounts;
    private volatile boolean stopping;

    private Callers(Accounts accounts) {
        this.accounts = accounts;
    }

    static Callers start(Accounts accounts, List<? extends Caller> callers) {
        Callers all = new Callers(accounts);
        callers.forEach(all::start);
        return all;
    }

    private void start(Caller caller) {
        Thread thread = new Thread(() -> run(caller), "caller");
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    private void run(Caller caller) {
        try {
            while (!stopping) {
                caller.call();
            }
        } catch (RuntimeException | Error e) {
            accounts.fail(e.toString());
        }
    }

    /** Stops every caller after its step. */
    @Override
    public void close() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
