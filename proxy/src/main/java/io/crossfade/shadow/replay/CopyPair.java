package io.crossfade.shadow.replay;

import io.crossfade.settings.SideSettings;
import java.time.Duration;

/** One session on either side that speaks COPY, for the length of one backlog under one leader. */
record CopyPair(CopySession authority, CopySession shadow, Office office) implements AutoCloseable {
    /** A slice lies there twice: as it came, and as it is written. */
    private static final String STAGE_IN_MEMORY = "SET temp_buffers = '32MB'";

    /** Opens them, and makes the tables through which rows come to the shadow; they end with the session. */
    static CopyPair open(SideSettings authority, SideSettings shadow, Duration patience, Office office) {
        CopySession from = CopySession.open(authority, patience);
        try {
            CopySession to = CopySession.open(shadow, patience);
            try {
                to.run(STAGE_IN_MEMORY);
                office.shape().tables().forEach(table -> to.run(CopySql.stage(table)));
                return new CopyPair(from, to, office);
            } catch (RuntimeException | Error e) {
                to.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            from.close();
            throw e;
        }
    }

    @Override
    public void close() {
        authority.close();
        shadow.close();
    }
}
