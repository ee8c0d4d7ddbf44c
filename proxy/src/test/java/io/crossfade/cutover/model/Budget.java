package io.crossfade.cutover.model;

/** How often something may still happen that would otherwise make the search endless. */
record Budget(int moves, int changes, int faults, int forces) {
    Budget lessMove() {
        return new Budget(moves - 1, changes, faults, forces);
    }

    Budget lessChange() {
        return new Budget(moves, changes - 1, faults, forces);
    }

    Budget lessFault() {
        return new Budget(moves, changes, faults - 1, forces);
    }

    Budget lessForce() {
        return new Budget(moves, changes, faults, forces - 1);
    }
}
