package io.crossfade.shadow;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.call.Failure;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.DeadLettersDecided;
import io.crossfade.observation.Observer;
import io.crossfade.shadow.replay.DeadLetters;
import io.crossfade.shadow.replay.DeadLetters.DeadLetter;
import io.crossfade.sides.Database;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where operators decide about the rows that a side would not take, wherever they are kept: each side keeps those that it
 * refused. A side that does not answer does not hide the letters of the other.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class DeadLetterDesk {
    private static final DeadLetters.Page NOTHING = new DeadLetters.Page(List.of(), 0);

    private final Map<Side, DeadLetters> letters = new EnumMap<>(Side.class);
    private final Consumer<String> wake;
    private final Observer observer;

    private DeadLetterDesk(Collection<Database> sides, Consumer<String> wake, Observer observer) {
        sides.forEach(side -> letters.put(side.side(), new DeadLetters(side)));
        this.wake = wake;
        this.observer = observer;
    }

    /** The desk of these sides, which wakes the replay of a repository whose rows are to be tried again. */
    public static DeadLetterDesk of(Collection<Database> sides, Shadowing shadowing, Observer observer) {
        return new DeadLetterDesk(sides, shadowing::nudge, observer);
    }

    /** The desk of a proxy that shadows nothing: it is always empty. */
    public static DeadLetterDesk empty() {
        return new DeadLetterDesk(List.of(), repository -> {}, observation -> {});
    }

    /**
     * The oldest of each side first.
     *
     * @param repository only this one's, or null for all
     * @param most how many at most
     */
    public Future<Listing> list(@Nullable String repository, int most) {
        Map<Side, Future<DeadLetters.Page>> asked = new EnumMap<>(Side.class);
        letters.forEach((side, its) -> asked.put(side, installed(its.list(repository, most), NOTHING)));
        return Future.join(List.copyOf(asked.values())).transform(answered -> {
            List<Letter> found = new ArrayList<>();
            Map<Side, String> silent = new EnumMap<>(Side.class);
            long total = 0;
            for (Map.Entry<Side, Future<DeadLetters.Page>> answer : asked.entrySet()) {
                DeadLetters.Page page = answer.getValue().result();
                if (page == null) {
                    silent.put(answer.getKey(), reason(answer.getValue().cause()));
                } else {
                    page.letters().forEach(letter -> found.add(new Letter(answer.getKey(), letter)));
                    total += page.total();
                }
            }
            List<Letter> some = found.subList(0, Math.min(most, found.size()));
            return Future.succeededFuture(new Listing(some, total, silent));
        });
    }

    /** Has the row tried again within moments, whatever its turn was; empty where there is no such letter any more. */
    public Future<Optional<String>> retry(Side side, long id) {
        return decide(side, its -> its.retry(id), "retry").onSuccess(repository -> repository.ifPresent(wake));
    }

    /**
     * Has all of them tried again, or those of one repository.
     *
     * @return how many of each repository; fails where a side does not answer, and the other side's are tried all the same
     */
    public Future<Map<String, Long>> retryAll(@Nullable String repository) {
        Map<String, Long> counts = new TreeMap<>();
        List<Future<Map<String, Long>>> all = new ArrayList<>();
        letters.forEach((side, its) -> all.add(installed(its.retryAll(repository), Map.of())
                .onSuccess(some -> some.forEach((name, count) -> {
                    observer.observe(new DeadLettersDecided("retry", side, name, count));
                    wake.accept(name);
                }))));
        return Future.join(all).map(done -> {
            all.forEach(some -> some.result().forEach((name, count) -> counts.merge(name, count, Long::sum)));
            return counts;
        });
    }

    /** Gives the row up: it stays different until its key is journalled again. Empty where there is no such letter. */
    public Future<Optional<String>> discard(Side side, long id) {
        return decide(side, its -> its.discard(id), "discard");
    }

    private Future<Optional<String>> decide(
            Side side, Function<DeadLetters, Future<Optional<String>>> decision, String action) {
        DeadLetters its = letters.get(side);
        if (its == null) {
            return Future.succeededFuture(Optional.empty());
        }
        return installed(decision.apply(its), Optional.<String>empty())
                .onSuccess(repository ->
                        repository.ifPresent(name -> observer.observe(new DeadLettersDecided(action, side, name, 1))));
    }

    /** Without an installation there is nothing to refuse a row. */
    private static <T> Future<T> installed(Future<T> answer, T without) {
        return answer.recover(error -> error instanceof DatabaseFailure said
                        && (said.code().equals("42P01") || said.code().equals("3F000"))
                ? Future.succeededFuture(without)
                : Future.failedFuture(error));
    }

    /** In our own words: those of a database may quote what they like. */
    public static String reason(Throwable error) {
        if (error instanceof DatabaseFailure said) {
            return "the database refused to tell (SQLSTATE " + said.code() + ")";
        }
        return error instanceof Failure failure ? failure.message() : "a fault of Crossfade";
    }

    /**
     * A dead letter and the side that keeps it, which is the one that refused the row.
     *
     * @param shadow where it is kept
     */
    public record Letter(Side shadow, DeadLetter letter) {}

    /**
     * Some of the dead letters.
     *
     * @param total how many there are on the sides that answered
     * @param silent the sides that did not answer, each with the reason
     */
    public record Listing(List<Letter> letters, long total, Map<Side, String> silent) {
        public Listing {
            letters = List.copyOf(letters);
            silent = new LinkedHashMap<>(silent);
        }
    }
}
