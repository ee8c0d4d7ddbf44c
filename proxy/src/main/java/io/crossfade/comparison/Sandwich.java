package io.crossfade.comparison;

import io.crossfade.call.Read;
import io.crossfade.comparison.Dropped.Reason;
import io.crossfade.comparison.answers.Answers;
import io.crossfade.comparison.answers.Reading;
import io.crossfade.comparison.answers.Said;
import io.crossfade.comparison.answers.Verdict;
import io.crossfade.comparison.answers.VersionedRead;
import io.crossfade.comparison.answers.Versions;
import io.crossfade.migration.Side;
import io.crossfade.routing.Shadows;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads again until it is known whether two sides differ, or differ only because rows are being written: the authority, the shadow when
 * it shows at least what was read, the authority again.
 *
 * <p>A difference counts where nothing that was read was written between both reads of the authority. Rows tell by their versions, so that
 * a value which went away and came back is not taken for one that stayed. It is confirmed where it counted twice in a row and the shadow's
 * rows were not written in between either; where not all rows told their versions, three times, and where only their number differs, while
 * nothing of the group was replayed. After three rounds it is given up.
 *
 * <p>It never sleeps: it waits for the shadow's progress. Threads: futures of the caller's context; what takes time runs on the worker.
 */
final class Sandwich {
    private static final int ROUNDS = 3;
    private static final int ENOUGH = 2;

    private final BiFunction<Side, Read, Future<Said>> asking;
    private final Supplier<Shadows.@Nullable Group> group;
    private final WorkerExecutor worker;
    private final Duration patience;
    private final Side authority;
    private final VersionedRead read;
    private Reading reading;
    private final Set<String> noise = new HashSet<>();

    /**
     * @param group what is known of the shadow now; null where nothing is
     * @param patience how long to wait for the shadow
     */
    Sandwich(
            BiFunction<Side, Read, Future<Said>> asking,
            Supplier<Shadows.@Nullable Group> group,
            WorkerExecutor worker,
            Duration patience,
            Side authority,
            VersionedRead read,
            Reading reading) {
        this.asking = asking;
        this.group = group;
        this.worker = worker;
        this.patience = patience;
        this.authority = authority;
        this.read = read;
        this.reading = reading;
    }

    /** Fails with {@link Dropped} where nothing could be found out. */
    Future<Finding> run() {
        return asking.apply(authority, read.read()).compose(first -> round(1, first, null));
    }

    /**
     * @param held the round before, where a difference counted in it
     */
    private Future<Finding> round(int number, Said before, @Nullable Counted held) {
        return shadowShowsWhatWasRead().compose(shows -> {
            Long written = written();
            return asking.apply(authority.other(), read.read())
                    .compose(shadow -> asking.apply(authority, read.read())
                            .compose(after -> requireTrueShadow()
                                    .compose(still ->
                                            worker.executeBlocking(() -> judge(before, shadow, after, held), false))
                                    .compose(judged ->
                                            next(number, judged, counted(judged, shadow, written, held), after))));
        });
    }

    private @Nullable Long written() {
        Shadows.Group now = group.get();
        return now == null ? null : now.written();
    }

    /** This round, where a difference counted in it. */
    private static @Nullable Counted counted(
            Judged judged, Said shadow, @Nullable Long written, @Nullable Counted held) {
        if (judged.verdict == null) {
            return null;
        }
        return held == null || !judged.stayed
                ? new Counted(shadow, 1, written, true)
                : new Counted(shadow, held.times + 1, written, held.still && Objects.equals(held.written, written));
    }

    /** Everything that had committed before the read is on the shadow then. */
    private Future<Void> shadowShowsWhatWasRead() {
        Shadows.Group now = group.get();
        if (now == null) {
            return Future.failedFuture(new Dropped(Reason.CATCHING_UP, authority.other()));
        }
        return now.caughtUp(patience)
                .recover(late -> Future.failedFuture(new Dropped(Reason.CATCHING_UP, authority.other())))
                .compose(caughtUp -> requireTrueShadow());
    }

    private Future<Void> requireTrueShadow() {
        Shadows.Group now = group.get();
        return now == null || !now.showsTrueState()
                ? Future.failedFuture(new Dropped(Reason.CATCHING_UP, authority.other()))
                : Future.succeededFuture();
    }

    private Judged judge(Said before, Said shadow, Said after, @Nullable Counted held) {
        Versions versions = Versions.between(reading, read, before, after);
        if (versions.moved()) {
            return Judged.MOVED;
        }
        noise.addAll(versions.noise());
        reading = reading.withNoise(versions.noise());
        Verdict verdict = Answers.compare(reading, after, shadow);
        boolean stayed = held != null
                && !Versions.between(reading, read, held.shadow, shadow).moved();
        return new Judged(verdict, stayed, read.covers(after) && read.covers(shadow));
    }

    private Future<Finding> next(int number, Judged judged, @Nullable Counted counted, Said after) {
        Verdict verdict = judged.verdict;
        if (verdict != null && !verdict.isMismatch()) {
            return Future.succeededFuture(new Finding(verdict, false, noise));
        }
        if (verdict != null && counted != null && isConfirmed(verdict, judged, counted)) {
            return Future.succeededFuture(new Finding(verdict, true, noise));
        }
        return number == ROUNDS
                ? Future.succeededFuture(new Finding(null, false, noise))
                : round(number + 1, after, counted);
    }

    /**
     * Without a version only the replay tells whether a value went away and came back: a total of rows that were not all looked at stays the
     * same however many of them come and go.
     */
    private boolean isConfirmed(Verdict verdict, Judged judged, Counted counted) {
        if (judged.covered) {
            return counted.times >= ENOUGH;
        }
        boolean byVersions = read.versioned() && !verdict.kinds().equals(List.of(MismatchKind.STATUS.label()));
        boolean unwritten = counted.still && counted.written != null;
        return counted.times >= ROUNDS && (byVersions || unwritten);
    }

    /**
     * What reading again came to.
     *
     * @param verdict null where rows were written all the time
     * @param noise columns that differ against themselves
     */
    record Finding(@Nullable Verdict verdict, boolean confirmed, Set<String> noise) {
        Finding {
            noise = Set.copyOf(noise);
        }
    }

    /**
     * A difference that counted.
     *
     * @param times how many times in a row it has
     * @param written how often the shadow had been written when it was asked, or null where nobody here knows
     * @param still whether that is the same as the first of these times
     */
    private record Counted(Said shadow, int times, @Nullable Long written, boolean still) {}

    /**
     * What one round came to.
     *
     * @param verdict null where rows were written between both reads of the authority
     * @param stayed whether the shadow said the same in the round before
     * @param covered whether all rows told their versions
     */
    private record Judged(@Nullable Verdict verdict, boolean stayed, boolean covered) {
        static final Judged MOVED = new Judged(null, false, false);
    }
}
