package io.crossfade.cutover.model;

/** One of the two databases. */
enum Side {
    A,
    B;

    Side other() {
        return this == A ? B : A;
    }
}
