package io.crossfade.shadow.replay;

import io.crossfade.shadow.replay.CopySession.CopyException;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves a long backlog of one group by COPY, slice by slice, and brings the next one as far as the shadow's stage while one
 * is written. It never moves the
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
        StagedParcel parcel;
        try {
            pair = sessions.copying(office);
            parcel = office.takeNextParcel();
            if (parcel == null || !pair.holds(parcel)) {
                parcel = stage(pair, pair.stage(), atLeast, List.of(), floor);
            }
        } catch (CopyException e) {
            // Too many connections, or a right that is missing: nothing is lost but speed. What else is wrong, if
            // anything is, the usual way will find.
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
        StagedParcel next;
        try (ReadAhead<StagedParcel> ahead = readAhead(pair, parcel, atLeast, floor)) {
            written = new ParcelWriter(office).write(parcel);
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

    private ReadAhead<StagedParcel> readAhead(CopyPair pair, StagedParcel parcel, int atLeast, long floor) {
        if (awaited.getAsBoolean()) {
            return ReadAhead.nothing();
        }
        return ReadAhead.begin(() -> {
            try {
                return stage(pair, pair.beside(parcel), atLeast, parcel.entries(), floor);
            } catch (CopyException e) {
                if (!e.isAnAnswer()) {
                    throw e;
                }
                // What is refused ahead of its turn is asked for again in its turn, and must not keep the slice back
                // that is being written.
                return null;
            }
        });
    }

    private @Nullable StagedParcel stage(CopyPair pair, Stage stage, int atLeast, List<Long> inFlight, long floor) {
        Parcel parcel = reader.read(pair.authority(), atLeast, inFlight, floor);
        return parcel == null ? null : stage.lay(parcel);
    }

    /** A slice that is on the shadow. */
    record Load(StagedParcel parcel, ParcelWriter.Written written) {}
}
