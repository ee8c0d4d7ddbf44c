package io.crossfade.statistics;

import io.crossfade.ledger.Line;
import io.crossfade.migration.Side;
import io.crossfade.statistics.Statistics.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The reads of one repository that were to be compared, and how many of them were: numbers of comparisons say nothing about
 * those that could not be made, and a side that struggles is the reason of most.
 *
 * @param compared those that were compared
 * @param notCompared why others were not, the most frequent first
 */
public record Sampled(String repository, long compared, List<NotCompared> notCompared) {
    public Sampled {
        notCompared = List.copyOf(notCompared);
    }

    /** By repository. */
    static List<Sampled> of(List<Line> lines) {
        Map<String, Long> compared = new TreeMap<>();
        Map<String, Map<List<String>, Long>> not = new TreeMap<>();
        for (Line line : lines) {
            Role role = Role.byLabel(line.key().get(3)).orElse(null);
            String repository = line.key().get(0);
            long calls = line.numbers().getLong("calls", 0L);
            if (role == Role.NOT_COMPARED) {
                not.computeIfAbsent(repository, name -> new TreeMap<>(Comparator.comparing(List::toString)))
                        .merge(List.of(line.key().get(1), line.key().get(2)), calls, Long::sum);
                compared.putIfAbsent(repository, 0L);
            } else if (role == Role.COMPARING && line.key().get(2).equals(Side.LEGACY.label())) {
                // Each read that was compared is counted on both sides.
                compared.merge(repository, calls, Long::sum);
            }
        }
        List<Sampled> sampled = new ArrayList<>();
        compared.forEach(
                (repository, reads) -> sampled.add(of(repository, reads, not.getOrDefault(repository, Map.of()))));
        return sampled;
    }

    private static Sampled of(String repository, long compared, Map<List<String>, Long> not) {
        List<NotCompared> reasons = new ArrayList<>();
        not.forEach((key, reads) -> reasons.add(
                new NotCompared(key.get(0), Benchmark.findSide(key.get(1)).orElse(null), reads)));
        reasons.sort(Comparator.comparingLong(NotCompared::reads).reversed());
        return new Sampled(repository, compared, reasons);
    }

    /** How many there were. */
    public long reads() {
        return compared + notCompared.stream().mapToLong(NotCompared::reads).sum();
    }

    /** The share of them that was compared, in hundredths of a percent; what is less than all of them is never all. */
    public long share() {
        return reads() == 0 ? 0 : 10_000 * compared / reads();
    }

    /**
     * Why reads were not compared.
     *
     * @param side the one because of which, or null where that is none or not known
     */
    public record NotCompared(String reason, @Nullable Side side, long reads) {}
}
