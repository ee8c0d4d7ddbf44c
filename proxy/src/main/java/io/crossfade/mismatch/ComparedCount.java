package io.crossfade.mismatch;

/** How many reads were compared, and how many of them are confirmed to differ. */
public record ComparedCount(long reads, long confirmed) {
    ComparedCount plus(ComparedCount other) {
        return new ComparedCount(reads + other.reads, confirmed + other.confirmed);
    }

    /** Of the same reads as two have counted them: one may not have all of them yet. */
    ComparedCount or(ComparedCount other) {
        return new ComparedCount(Math.max(reads, other.reads), Math.max(confirmed, other.confirmed));
    }
}
