package io.crossfade.shadow.replay;

import io.crossfade.settings.SideSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A session of the shadow with temporary tables of its own, in which a slice that came by COPY waits for its turn. Nobody
 * else sees them, so laying a slice there proves nothing and changes nothing; they end with the session.
 *
 * <p>Threads: one at a time, which waits; {@link #close} may be called from any.
 */
final class Stage implements AutoCloseable {
    /** A slice lies there twice: as it came, and as it is written. */
    private static final String IN_MEMORY = "SET temp_buffers = '32MB'";

    private final CopySession session;

    private Stage(CopySession session) {
        this.session = session;
    }

    static Stage open(SideSettings shadow, Duration patience, Shape shape) {
        CopySession session = CopySession.open(shadow, patience);
        try {
            session.run(IN_MEMORY);
            shape.tables().forEach(table -> session.run(CopySql.stage(table)));
            return new Stage(session);
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    CopySession session() {
        return session;
    }

    /** Puts a slice where the one before it lay. The parcel is not needed any more. */
    StagedParcel lay(Parcel parcel) {
        Map<Table, List<byte[]>> rows = parcel.rows();
        // Nothing here has to outlive a crash.
        session.run("BEGIN; SET LOCAL synchronous_commit = off; TRUNCATE "
                + rows.keySet().stream().map(CopySql::stageOf).collect(Collectors.joining(", ")));
        Map<Table, StagedParcel.Count> counts = new HashMap<>();
        rows.forEach((table, pieces) -> {
            session.copyIn(CopySql.in(table), pieces);
            @Nullable String[] count = session.query(CopySql.counts(table)).get(0);
            counts.put(
                    table,
                    new StagedParcel.Count(
                            Long.parseLong(Objects.requireNonNull(count[0])),
                            Long.parseLong(Objects.requireNonNull(count[1]))));
        });
        session.run("COMMIT");
        return new StagedParcel(parcel.entries(), counts, this);
    }

    @Override
    public void close() {
        session.close();
    }
}
