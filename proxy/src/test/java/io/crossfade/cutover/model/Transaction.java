package io.crossfade.cutover.model;

/**
 * An open transaction that changes the state row and the fence of one side.
 *
 * <p>It holds the row lock and the table locks until it ends. Once COMMIT was sent it ends by itself, whether or
 * not its sender lives.
 */
record Transaction(Row row, boolean fenced, boolean raisesTokens, boolean commitSent) {
    Transaction sent() {
        return new Transaction(row, fenced, raisesTokens, true);
    }
}
