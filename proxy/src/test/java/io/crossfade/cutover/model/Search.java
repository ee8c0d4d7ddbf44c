package io.crossfade.cutover.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Visits every state that the start can reach, breadth first, so that the first broken promise is shown by a
 * shortest list of moves.
 *
 * <p>Where no promise is broken, it then asks from which states the system no longer comes to rest by steps alone.
 */
final class Search {
    private final EnumSet<Rule> rules;
    private final EnumSet<Promise> promises;
    private final Map<World, Integer> numbers = new HashMap<>();
    private final List<World> worlds = new ArrayList<>();
    private final Numbers parents = new Numbers();
    private final Numbers stepsFrom = new Numbers();
    private final Numbers stepsTo = new Numbers();
    private final Map<Object, Object> shared = new HashMap<>();

    private Search(EnumSet<Rule> rules, EnumSet<Promise> promises) {
        this.rules = rules;
        this.promises = promises;
    }

    /** What a search found. */
    record Finding(int states, @Nullable String broken, List<String> moves) {
        @Override
        public String toString() {
            return broken == null
                    ? states + " states, every promise kept"
                    : broken + " after:\n  " + String.join("\n  ", moves);
        }
    }

    static Finding from(World start, EnumSet<Rule> rules, EnumSet<Promise> promises) {
        return new Search(rules, promises).run(start);
    }

    private Finding run(World start) {
        var unused = add(start, -1);
        for (int i = 0; i < worlds.size(); i++) {
            World world = worlds.get(i);
            for (Move move : Moves.of(world, rules)) {
                for (Promise promise : promises) {
                    if (!promise.isKept(world, move.next())) {
                        return new Finding(worlds.size(), promise.name(), story(i, move));
                    }
                }
                int next = add(move.next(), i);
                if (move.kind() == Move.Kind.STEP) {
                    stepsFrom.add(i);
                    stepsTo.add(next);
                }
            }
        }
        return comingToRest();
    }

    private int add(World world, int parent) {
        Integer known = numbers.get(world);
        if (known != null) {
            return known;
        }
        World slim = new World(
                share(world.a()),
                share(world.b()),
                share(world.tasks()),
                share(world.clients()),
                share(world.replayers()),
                share(world.budget()));
        numbers.put(slim, worlds.size());
        worlds.add(slim);
        parents.add(parent);
        return worlds.size() - 1;
    }

    /** States differ in few of their parts; equal parts are kept once. */
    @SuppressWarnings("unchecked")
    private <T> T share(T part) {
        Object first = shared.putIfAbsent(part, part);
        return first == null ? part : (T) first;
    }

    /** Walks the steps backwards from every state at rest; a state that is not met is stuck. */
    private Finding comingToRest() {
        int[] firstInto = new int[worlds.size() + 1];
        for (int edge = 0; edge < stepsTo.size(); edge++) {
            firstInto[stepsTo.get(edge) + 1]++;
        }
        for (int i = 0; i < worlds.size(); i++) {
            firstInto[i + 1] += firstInto[i];
        }
        int[] into = new int[stepsTo.size()];
        int[] filled = firstInto.clone();
        for (int edge = 0; edge < stepsTo.size(); edge++) {
            into[filled[stepsTo.get(edge)]++] = stepsFrom.get(edge);
        }
        BitSet rests = new BitSet(worlds.size());
        Numbers queue = new Numbers();
        for (int i = 0; i < worlds.size(); i++) {
            if (worlds.get(i).isAtRest()) {
                rests.set(i);
                queue.add(i);
            }
        }
        for (int i = 0; i < queue.size(); i++) {
            int world = queue.get(i);
            for (int edge = firstInto[world]; edge < firstInto[world + 1]; edge++) {
                if (!rests.get(into[edge])) {
                    rests.set(into[edge]);
                    queue.add(into[edge]);
                }
            }
        }
        int stuck = rests.nextClearBit(0);
        return stuck < worlds.size()
                ? new Finding(worlds.size(), "NEVER_COMES_TO_REST", story(stuck, null))
                : new Finding(worlds.size(), null, List.of());
    }

    private List<String> story(int end, @Nullable Move last) {
        List<String> told = new ArrayList<>();
        if (last != null) {
            told.add(last + "      [" + last.next() + "]");
        }
        for (int i = end; parents.get(i) >= 0; i = parents.get(i)) {
            World reached = worlds.get(i);
            Move move = Moves.of(worlds.get(parents.get(i)), rules).stream()
                    .filter(candidate -> candidate.next().equals(reached))
                    .findFirst()
                    .orElseThrow();
            told.add(0, move + "      [" + reached + "]");
        }
        return told;
    }

    /** A list of numbers that does not box them. */
    private static final class Numbers {
        private int[] all = new int[1024];
        private int size;

        void add(int number) {
            if (size == all.length) {
                all = Arrays.copyOf(all, size * 2);
            }
            all[size++] = number;
        }

        int get(int i) {
            return all[i];
        }

        int size() {
            return size;
        }
    }
}
