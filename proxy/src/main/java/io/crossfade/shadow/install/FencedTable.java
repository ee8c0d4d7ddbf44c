package io.crossfade.shadow.install;

import java.util.List;
import java.util.stream.Stream;

/**
 * A table as the fence sees it.
 *
 * @param name schema and name, quoted
 * @param partitions the quoted names of everything beneath it
 * @param fences the fence's triggers that are there, raised or lowered
 * @param userTriggers the application's own triggers that fire
 */
record FencedTable(
        String repository,
        String name,
        boolean partitioned,
        List<String> partitions,
        List<Trigger> fences,
        List<Trigger> userTriggers) {
    FencedTable {
        partitions = List.copyOf(partitions);
        fences = List.copyOf(fences);
        userTriggers = List.copyOf(userTriggers);
    }

    /** The table and everything beneath it. */
    List<String> relations() {
        return Stream.concat(Stream.of(name), partitions.stream()).toList();
    }

    boolean hasFence(String relation, String trigger) {
        return fences.stream()
                .anyMatch(fence ->
                        fence.relation().equals(relation) && fence.trigger().equals(trigger));
    }

    /**
     * A trigger.
     *
     * @param relation the quoted name of the table that it is on
     * @param trigger its quoted name
     * @param enabled {@code ENABLE}, {@code ENABLE ALWAYS} or {@code ENABLE REPLICA}, as it was; {@code DISABLE} where it
     *     does not fire
     */
    record Trigger(String relation, String trigger, String enabled) {}
}
