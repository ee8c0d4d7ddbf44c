package io.crossfade.shadow.replay;

import io.crossfade.shadow.replay.CopySession.CopyException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves a long backlog of one group by COPY, slice by slice, and reads the next one while one is written. It never moves the
 * end of a backlog, nor what needs a closer look; see {@link CopyTerms}.
 *
 * <p>Threads: one, and one of its own that reads.
 */
final class Freight {
    private final SessionPair sessions;
    private final Office office;
    private final ReplaySettings settings;
    private final BooleanSupplier awaited;
    private final ParcelReader reader;

    Freight(SessionPair sessions, Office office, ReplaySettings settings, BooleanSupplier awaited) {
        this.sessions = sessions;
        this.office = office;
        this.settings = settings;
        this.awaited = awaited;
        this.reader = new ParcelReader(
                office.shape(), office.sliceSize(), settings.copyKeys(), SnapshotReader.begin(office.shape()));
    }

    /** Whether it takes what a batch of the usual kind does not hold. */
    boolean takesLongBacklog() {
        return settings.copyKeys() > 0
                && office.deadLetters().size() == 0
                && sessions.canCopy()
                && office.copyTerms().takes();
    }

    boolean isWanted() {
        return office.copyTerms().areWanted();
    }

    /**
     * Moves one slice. Its entries are still in the journal.
     *
     * @param atLeast so many keys make a long backlog
     * @return null where nothing was moved, and a batch of the usual kind has to come
     */
    @Nullable
    Load carry(int atLeast, long floor) {
        CopyPair pair;
        Parcel parcel;
        try {
            pair = sessions.copying(office);
            parcel = office.takeNextParcel();
            if (parcel == null) {
                parcel = reader.read(pair.authority(), atLeast, List.of(), floor);
            }
        } catch (CopyException e) {
            // Too many connections, or a right that is missing: nothing is lost but speed, and if there is more to it
            // the
            // usual way will tell.
            sessions.endCopying();
            office.copyTerms().refused();
            return null;
        }
        if (parcel == null) {
            sessions.endCopying();
            office.copyTerms().end();
            return null;
        }
        ParcelWriter.Written written;
        Parcel next;
        try (ReadAhead<Parcel> ahead = readAhead(pair, parcel, atLeast, floor)) {
            written = new ParcelWriter(pair.shadow(), office).write(parcel);
            next = ahead.slice();
        }
        if (written == null) {
            office.copyTerms().refused();
            sessions.endCopying();
            return null;
        }
        office.copyTerms().carried();
        office.keepNext(next);
        return new Load(parcel, written);
    }

    private ReadAhead<Parcel> readAhead(CopyPair pair, Parcel parcel, int atLeast, long floor) {
        return awaited.getAsBoolean()
                ? ReadAhead.nothing()
                : ReadAhead.begin(() -> reader.read(pair.authority(), atLeast, parcel.entries(), floor));
    }

    /** A slice that is on the shadow. */
    record Load(Parcel parcel, ParcelWriter.Written written) {}
}
