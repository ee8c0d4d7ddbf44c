package io.crossfade.mismatch;

import io.crossfade.migration.Side;
import io.crossfade.mismatch.Evidence.Stretch;
import io.crossfade.mismatch.FoundMismatch.State;
import io.crossfade.sides.Database;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where operators and gates look at what differs. Both sides are asked and what they say is put together, so that one which
 * was away hides nothing; one that does not answer now is named.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class MismatchDesk {
    private static final int PATIENCE_SECONDS = 5;

    private static final Comparator<FoundMismatch> GRAVEST_FIRST = Comparator.<FoundMismatch>comparingInt(found ->
                    List.of(State.CONFIRMED, State.TRANSIENT, State.RESOLVED).indexOf(found.state()))
            .thenComparing(FoundMismatch::lastSeenAt, Comparator.reverseOrder())
            .thenComparing(FoundMismatch::id);

    private static final Duration SHOWN = Duration.ofDays(1);

    private final List<MismatchReader> sides;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<String, Compared> shown = Map.of();
    private final InstantSource clock;

    private MismatchDesk(Collection<Database> sides, InstantSource clock) {
        this.sides = sides.stream().map(MismatchReader::new).toList();
        this.clock = clock;
    }

    /** The desk of these sides. */
    public static MismatchDesk of(Collection<Database> sides, InstantSource clock) {
        return new MismatchDesk(sides, clock);
    }

    /** The desk of a proxy with one database: it is always empty. */
    public static MismatchDesk empty() {
        return new MismatchDesk(List.of(), InstantSource.system());
    }

    /**
     * The confirmed ones first, then the transient, then the resolved; of each the youngest first. Without samples.
     *
     * @param repository only this one's; null for all
     * @param kind only of this kind; null for all
     * @param state only those that are so; null for all
     */
    public Future<Listing> list(@Nullable String repository, @Nullable String kind, @Nullable State state) {
        Asked<List<FoundMismatch>> groups = ask(side -> side.groups(null, repository));
        Asked<Dropped> dropped = ask(MismatchReader::dropped);
        return Future.join(groups.answered(), dropped.answered())
                .transform(answered -> Future.succeededFuture(new Listing(
                        merged(groups.answers()).stream()
                                .filter(found -> kind == null || found.kind().equals(kind))
                                .filter(found -> state == null || found.state() == state)
                                .sorted(GRAVEST_FIRST)
                                .toList(),
                        dropped.answers().stream().reduce(Dropped.NONE, Dropped::or),
                        groups.silent())));
    }

    /** One with its samples; empty where there is none of that id. Fails where no side answers. */
    public Future<Optional<FoundMismatch>> find(String id) {
        Asked<List<FoundMismatch>> asked = ask(side -> side.groups(id, null));
        return asked.answered()
                .transform(answered -> asked.answers().isEmpty() && answered.failed()
                        ? Future.failedFuture(answered.cause())
                        : Future.succeededFuture(
                                merged(asked.answers()).stream().findFirst()));
    }

    /**
     * Says that it is no more; confirmed again it is confirmed again. Where one side does not answer, the other says so for
     * both.
     *
     * @return its repository; empty where there is none of that id
     */
    public Future<Optional<FoundMismatch>> resolve(String id, String by, String reason) {
        Asked<Boolean> asked = ask(side -> side.resolve(id, by, reason));
        return asked.answered()
                .transform(answered -> asked.answers().contains(true)
                        ? find(id)
                        : answered.failed()
                                ? Future.failedFuture(answered.cause())
                                : Future.succeededFuture(Optional.empty()));
    }

    /** Both sides were read again and gave the same: resolves what was not confirmed since {@code began}; never fails. */
    Future<Void> agrees(String id, Instant began) {
        return ask(side -> side.agrees(id, began, clock.instant())).answered().otherwiseEmpty();
    }

    /** How much was compared since then, by repository, as far as the sides answer; never fails. */
    public Future<Map<String, Compared>> compared(OffsetDateTime since) {
        Asked<Map<String, Compared>> asked = ask(side -> side.compared(since));
        return asked.answered().transform(answered -> {
            Map<String, Compared> all = new TreeMap<>();
            asked.answers().forEach(some -> some.forEach((name, its) -> all.merge(name, its, Compared::or)));
            return Future.succeededFuture(all);
        });
    }

    /**
     * What speaks for and against a group, of the time since then. Fails where a side does not answer, because it may know of
     * a mismatch that the other never got.
     */
    public Future<Evidence> evidence(Set<String> repositories, OffsetDateTime since, OffsetDateTime stretchesSince) {
        Asked<List<FoundMismatch>> groups = ask(side -> side.groups(null, null));
        Asked<Map<String, Compared>> compared = ask(side -> side.compared(since));
        Asked<List<Stretch>> stretches = ask(side -> side.stretches(stretchesSince, repositories));
        Asked<Dropped> dropped = ask(MismatchReader::dropped);
        return Future.join(groups.answered(), compared.answered(), stretches.answered(), dropped.answered())
                .map(answered -> {
                    List<FoundMismatch> open = merged(groups.answers()).stream()
                            .filter(found -> repositories.contains(found.repository()))
                            .filter(found -> found.state() == State.CONFIRMED || found.agreesAgain())
                            .filter(found -> {
                                OffsetDateTime last = found.lastConfirmedAt();
                                return last != null && last.isAfter(since);
                            })
                            .sorted(GRAVEST_FIRST)
                            .toList();
                    Map<String, Compared> all = new TreeMap<>();
                    compared.answers().forEach(some -> some.forEach((name, its) -> all.merge(name, its, Compared::or)));
                    all.keySet().retainAll(repositories);
                    List<Stretch> both = new ArrayList<>();
                    stretches.answers().forEach(both::addAll);
                    OffsetDateTime forgotten = dropped.answers().stream()
                            .reduce(Dropped.NONE, Dropped::or)
                            .confirmedAt();
                    return new Evidence(
                            open, all, both, forgotten != null && forgotten.isAfter(since) ? forgotten : null);
                });
    }

    /** How much of a repository was compared within a day, as it was some seconds ago; null where nothing was. */
    public @Nullable Compared ofTheDay(String repository) {
        return shown.get(repository);
    }

    /** Hears of every group that is confirmed for the first time, or again. From any thread. */
    public void onNews(Runnable listener) {
        listeners.add(listener);
    }

    void tell() {
        listeners.forEach(Runnable::run);
    }

    /** Asks these for what is shown of the day; never fails. What none of them answers is shown as it was. */
    Future<Void> look(List<MismatchReader> ready) {
        OffsetDateTime since = now().minus(SHOWN);
        List<Future<Map<String, Compared>>> answers =
                ready.stream().map(side -> side.compared(since)).toList();
        return Future.join(answers).transform(answered -> {
            Map<String, Compared> all = new TreeMap<>();
            answers.stream()
                    .filter(Future::succeeded)
                    .forEach(answer -> answer.result().forEach((name, its) -> all.merge(name, its, Compared::or)));
            if (answers.stream().anyMatch(Future::succeeded)) {
                shown = all;
            }
            return Future.succeededFuture();
        });
    }

    private static List<FoundMismatch> merged(List<List<FoundMismatch>> answers) {
        Map<String, FoundMismatch> groups = new LinkedHashMap<>();
        answers.forEach(some -> some.forEach(found -> groups.merge(found.id(), found, FoundMismatch::and)));
        return List.copyOf(groups.values());
    }

    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private <T> Asked<T> ask(Function<MismatchReader, Future<T>> question) {
        Map<Side, Future<T>> answers = new EnumMap<>(Side.class);
        sides.forEach(side ->
                answers.put(side.side().side(), question.apply(side).timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)));
        return new Asked<>(answers, Future.join(List.copyOf(answers.values())).mapEmpty());
    }

    /** What each side was asked, legacy first. */
    private record Asked<T>(Map<Side, Future<T>> sides, Future<Void> answered) {
        List<T> answers() {
            List<T> answers = new ArrayList<>();
            sides.values().stream().filter(Future::succeeded).forEach(answer -> answers.add(answer.result()));
            return answers;
        }

        Map<Side, Throwable> silent() {
            Map<Side, Throwable> silent = new HashMap<>();
            sides.forEach((side, answer) -> {
                if (answer.failed()) {
                    silent.put(side, answer.cause());
                }
            });
            return silent;
        }
    }

    /**
     * Groups of mismatches.
     *
     * @param dropped how many were forgotten because there were too many
     * @param silent the sides that did not answer, each with the reason
     */
    public record Listing(List<FoundMismatch> groups, Dropped dropped, Map<Side, Throwable> silent) {
        public Listing {
            groups = List.copyOf(groups);
            silent = Map.copyOf(silent);
        }
    }
}
