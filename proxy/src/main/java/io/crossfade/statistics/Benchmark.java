package io.crossfade.statistics;

import io.crossfade.ledger.Line;
import io.crossfade.migration.Side;
import io.crossfade.statistics.Statistics.Role;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One side against the other over some time.
 *
 * @param rows by repository and operation
 * @param hours by hour, over all repositories
 * @param sampled what was to be compared, by repository
 * @param silent the sides that could not be asked
 */
public record Benchmark(List<Measured> rows, List<Hour> hours, List<Sampled> sampled, List<Side> silent) {
    public Benchmark {
        rows = List.copyOf(rows);
        hours = List.copyOf(hours);
        sampled = List.copyOf(sampled);
        silent = List.copyOf(silent);
    }

    static Benchmark of(List<Line> all, List<Side> silent) {
        List<Line> lines = all.stream().filter(Benchmark::isOfASide).toList();
        Map<List<String>, Numbers> rows = new TreeMap<>(Comparator.comparing(List::toString));
        Map<List<String>, Numbers> hours = new TreeMap<>(Comparator.comparing(List::toString));
        for (Line line : lines) {
            rows.computeIfAbsent(line.key(), key -> new Numbers()).add(line.numbers());
            List<String> hour = List.of(
                    line.period().truncatedTo(ChronoUnit.HOURS).toString(),
                    line.key().get(2),
                    line.key().get(3));
            hours.computeIfAbsent(hour, key -> new Numbers()).add(line.numbers());
        }
        List<Measured> measured = new ArrayList<>();
        rows.forEach((key, numbers) -> Role.byLabel(key.get(3))
                .ifPresent(
                        role -> measured.add(new Measured(key.get(0), key.get(1), side(key.get(2)), role, numbers))));
        List<Hour> series = new ArrayList<>();
        hours.forEach((key, numbers) -> Role.byLabel(key.get(2))
                .ifPresent(known -> series.add(new Hour(Instant.parse(key.get(0)), side(key.get(1)), known, numbers))));
        return new Benchmark(measured, series, Sampled.of(all), silent);
    }

    /** A later version may know of more roles. */
    private static boolean isOfASide(Line line) {
        Role role = Role.byLabel(line.key().get(3)).orElse(null);
        return role == Role.ANSWERING || role == Role.COMPARING;
    }

    private static Side side(String label) {
        return findSide(label).orElseThrow();
    }

    static Optional<Side> findSide(String label) {
        return Arrays.stream(Side.values())
                .filter(side -> side.label().equals(label))
                .findFirst();
    }

    /** What one operation of one repository came to on one side. */
    public record Measured(String repository, String operation, Side side, Role role, Numbers numbers) {}

    /** What all calls of an hour came to on one side. */
    public record Hour(Instant hour, Side side, Role role, Numbers numbers) {}
}
