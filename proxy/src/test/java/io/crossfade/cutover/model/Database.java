package io.crossfade.cutover.model;

import org.jspecify.annotations.Nullable;

/**
 * What one side has committed, and the transaction that is open there.
 *
 * @param rows the writes that the side's row contains, as a set of bits: every write adds its bit to what it finds
 * @param journal the writes made here that are not yet known to be on the other side
 * @param listed the writes that wait for an operator after a force
 */
record Database(Row row, boolean fenced, @Nullable Transaction open, int rows, int journal, int listed) {
    Database with(Row newRow) {
        return new Database(newRow, fenced, open, rows, journal, listed);
    }

    Database fenced(boolean newFenced) {
        return new Database(row, newFenced, open, rows, journal, listed);
    }

    Database open(@Nullable Transaction transaction) {
        return new Database(row, fenced, transaction, rows, journal, listed);
    }

    Database rows(int newRows) {
        return new Database(row, fenced, open, newRows, journal, listed);
    }

    Database journal(int newJournal) {
        return new Database(row, fenced, open, rows, newJournal, listed);
    }

    Database listed(int newListed) {
        return new Database(row, fenced, open, rows, journal, newListed);
    }

    boolean isLocked() {
        return open != null;
    }

    @Override
    public String toString() {
        return row + (fenced ? " fenced" : " open") + " rows=" + rows + " journal=" + journal
                + (open == null ? "" : " in transaction to " + open.row());
    }
}
