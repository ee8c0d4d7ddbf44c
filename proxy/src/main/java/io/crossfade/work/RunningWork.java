package io.crossfade.work;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Work under way, told step by step by whoever does it. Threads: any. */
public final class RunningWork {
    private final String id;
    private final String kind;
    private final Set<String> groups;
    private final String startedBy;
    private final Instant startedAt;
    private final Consumer<Work> listener;
    private final List<Step> ended = new ArrayList<>();
    private final Map<String, Object> report = new LinkedHashMap<>();
    private @Nullable String current;
    private @Nullable String detail;
    private long currentSince;
    private WorkState state = WorkState.RUNNING;
    private @Nullable String outcome;

    RunningWork(
            String id, String kind, Set<String> groups, String startedBy, Instant startedAt, Consumer<Work> listener) {
        this.id = id;
        this.kind = kind;
        this.groups = Set.copyOf(groups);
        this.startedBy = startedBy;
        this.startedAt = startedAt;
        this.listener = listener;
    }

    /** Under which it is asked for. */
    public String id() {
        return id;
    }

    /** Ends the step before, and begins this one. */
    public void step(String name) {
        synchronized (this) {
            endStep(WorkState.DONE);
            current = name;
            currentSince = System.nanoTime();
        }
        listener.accept(now());
    }

    /** Says what the step that runs waits for, or what came of it. */
    public void detail(String what) {
        synchronized (this) {
            detail = what;
        }
        listener.accept(now());
    }

    /** Keeps a number about the work. */
    public synchronized void report(String name, Object value) {
        report.put(name, value);
    }

    /** It is done. */
    public void done(String sentence) {
        end(WorkState.DONE, sentence);
    }

    /** It failed, in the step that runs. */
    public void failed(String reason) {
        end(WorkState.FAILED, reason);
    }

    private void end(WorkState how, String sentence) {
        synchronized (this) {
            if (state != WorkState.RUNNING) {
                return;
            }
            endStep(how);
            state = how;
            outcome = sentence;
        }
        listener.accept(now());
    }

    private synchronized void endStep(WorkState how) {
        if (current != null) {
            ended.add(new Step(current, how, micros(), detail));
            current = null;
            detail = null;
        }
    }

    private long micros() {
        return TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - currentSince);
    }

    /** Whether it has not ended. */
    public synchronized boolean isRunning() {
        return state == WorkState.RUNNING;
    }

    /** How far it is. */
    public synchronized Work now() {
        List<Step> steps = new ArrayList<>(ended);
        if (current != null) {
            steps.add(new Step(current, WorkState.RUNNING, micros(), detail));
        }
        return new Work(id, kind, groups, startedBy, startedAt, state, steps, outcome, report);
    }
}
