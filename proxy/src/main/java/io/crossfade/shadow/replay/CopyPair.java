package io.crossfade.shadow.replay;

import io.crossfade.settings.SideSettings;
import java.time.Duration;

/**
 * The sessions that speak COPY, for the length of one backlog under one leader: one of the authority, and two of the shadow,
 * so that a slice is laid on one stage while the slice before it is written from the other.
 */
record CopyPair(CopySession authority, Stage stage, Stage otherStage, Office office) implements AutoCloseable {
    static CopyPair open(SideSettings authority, SideSettings shadow, Duration patience, Office office) {
        CopySession from = CopySession.open(authority, patience);
        try {
            Stage stage = Stage.open(shadow, patience, office.shape());
            try {
                return new CopyPair(from, stage, Stage.open(shadow, patience, office.shape()), office);
            } catch (RuntimeException | Error e) {
                stage.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            from.close();
            throw e;
        }
    }

    /** Whether a slice lies on a stage of these sessions. */
    boolean holds(StagedParcel parcel) {
        return parcel.stage() == stage || parcel.stage() == otherStage;
    }

    /** The stage on which this slice does not lie. */
    Stage beside(StagedParcel parcel) {
        return parcel.stage() == stage ? otherStage : stage;
    }

    @Override
    public void close() {
        authority.close();
        stage.close();
        otherStage.close();
    }
}
