package io.crossfade.cutover.model;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Collects what may happen next in one state, under the rules that are in force. */
final class Moves {
    private final Set<Rule> rules;
    private final List<Move> found = new ArrayList<>();

    private Moves(Set<Rule> rules) {
        this.rules = rules;
    }

    /** Every move of every party. */
    static List<Move> of(World world, EnumSet<Rule> rules) {
        Moves moves = new Moves(rules);
        for (int i = 0; i < world.tasks().size(); i++) {
            // Instances are sorted and alike: what one idle instance may begin, the next one need not begin as well.
            if (i == 0 || !world.tasks().get(i).equals(world.tasks().get(i - 1))) {
                Task task = world.tasks().get(i);
                Driver.moves(world, i, task, moves);
                Healer.moves(world, i, task, moves);
                Copier.moves(world, i, task, moves);
                Operator.moves(world, i, task, moves);
            }
        }
        Client.moves(world, moves);
        Replayer.moves(world, moves);
        Server.moves(world, moves);
        Faults.moves(world, moves);
        Force.moves(world, moves);
        return moves.found;
    }

    boolean has(Rule rule) {
        return rules.contains(rule);
    }

    boolean without(Rule rule) {
        return !rules.contains(rule);
    }

    void step(String what, Side side, World next) {
        found.add(new Move(Move.Kind.STEP, what, side, next));
    }

    void order(String what, Side side, World next) {
        found.add(new Move(Move.Kind.ORDER, what, side, next));
    }

    void fault(String what, Side side, World next) {
        found.add(new Move(Move.Kind.FAULT, what, side, next));
    }
}
