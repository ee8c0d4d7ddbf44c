package io.crossfade.evidence;

import io.crossfade.ledger.Book;
import io.crossfade.ledger.Bookkeeper;
import io.crossfade.ledger.Ledger;
import io.crossfade.ledger.Line;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.ReadCompared;
import io.crossfade.observation.Observer;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts what comparing came to for each shape of calls, by the day, for fourteen days: a text of a call without its values,
 * how often it was compared, what failed and how often rows were found. Shapes are bounded in number and length; the oldest go
 * first.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class Evidence implements Observer {
    /** The longest time that can be asked for. */
    public static final Duration KEPT = Duration.ofDays(14);

    private static final Book BOOK = new Book("evidence", Duration.ofDays(1), KEPT, 2_000, 20_000);

    /** What a name fails with that is not there: of a relation, function, column, relationship or type. */
    private static final Set<String> UNKNOWN_NAMES = Set.of(
            "PGRST002", "PGRST108", "PGRST200", "PGRST202", "PGRST204", "PGRST205", "42703", "42704", "42883", "42P01");

    private static final int LONGEST_SHAPE = 2_000;

    private final Ledger<ShapeNumbers> ledger;

    /** @param sides the databases that keep it */
    public Evidence(Set<Side> sides, InstantSource clock) {
        this.ledger = new Ledger<>(BOOK, sides, clock, ShapeNumbers::new);
    }

    /** What is to be written down. */
    public Ledger<ShapeNumbers> ledger() {
        return ledger;
    }

    @Override
    public void observe(Observation observation) {
        if (observation instanceof ReadCompared read) {
            ledger.count(
                    List.of(read.repositoryLabel(), read.operation().label(), shape(read)),
                    numbers -> numbers.count(read));
        }
    }

    /** What all proxies have counted since then, by repository and shape. */
    public Future<Known> since(Duration time, Bookkeeper books) {
        return books.read(ledger, time).map(known -> new Known(shapes(known.lines()), known.silent()));
    }

    /** Names that neither side has are the caller's own words, and may be anything. */
    static String shape(ReadCompared read) {
        String text =
                isUnknown(read.authority().code()) && isUnknown(read.shadow().code())
                        ? "names that neither side has"
                        : read.shape();
        return text.length() <= LONGEST_SHAPE ? text : text.substring(0, LONGEST_SHAPE) + "…";
    }

    private static boolean isUnknown(@Nullable String code) {
        return code != null && UNKNOWN_NAMES.contains(code);
    }

    private static List<Shape> shapes(List<Line> lines) {
        Map<List<String>, ShapeNumbers> numbers = new HashMap<>();
        Map<List<String>, Instant> last = new HashMap<>();
        for (Line line : lines) {
            numbers.computeIfAbsent(line.key(), key -> new ShapeNumbers()).add(line.numbers());
            last.merge(line.key(), line.period(), (one, other) -> one.isAfter(other) ? one : other);
        }
        List<Shape> shapes = new ArrayList<>();
        numbers.forEach((key, its) ->
                shapes.add(new Shape(key.get(0), key.get(1), key.get(2), last.getOrDefault(key, Instant.EPOCH), its)));
        shapes.sort(Comparator.comparing(Shape::repository).thenComparing(Shape::shape));
        return shapes;
    }

    /**
     * What is known.
     *
     * @param silent the sides that could not be asked
     */
    public record Known(List<Shape> shapes, List<Side> silent) {
        public Known {
            shapes = List.copyOf(shapes);
            silent = List.copyOf(silent);
        }
    }

    /**
     * Calls that are the same but for their values.
     *
     * @param shape the call without its values
     * @param lastDay the day on which one was compared last
     */
    public record Shape(String repository, String operation, String shape, Instant lastDay, ShapeNumbers numbers) {}
}
