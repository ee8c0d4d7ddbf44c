package io.crossfade.evidence;

import io.crossfade.call.Operation;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation.ReadCompared;
import io.crossfade.observation.Observation.SideAnswer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Comparisons to tell of. */
public final class Compared {
    private Compared() {}

    /** Reads that both sides answered. */
    public static ReadCompared rows(String repository, String shape, long legacy, long target) {
        return of(repository, shape, answer(Side.LEGACY, legacy, null), answer(Side.TARGET, target, null), false);
    }

    /** A read that failed on a side whose code is not null. */
    public static ReadCompared failed(
            String repository, String shape, @Nullable String legacy, @Nullable String target) {
        return of(repository, shape, answer(Side.LEGACY, 0, legacy), answer(Side.TARGET, 0, target), false);
    }

    /** A read that differed; confirmed or in flight. */
    public static ReadCompared differing(String repository, String shape, boolean confirmed) {
        return new ReadCompared(
                repository,
                Operation.FIND_MANY,
                Stage.SHADOW,
                shape,
                ReadCompared.Verdict.MISMATCHED,
                confirmed,
                List.of("value"),
                List.of("name"),
                answer(Side.LEGACY, 1, null),
                answer(Side.TARGET, 1, null));
    }

    private static ReadCompared of(
            String repository, String shape, SideAnswer legacy, SideAnswer target, boolean confirmed) {
        return new ReadCompared(
                repository,
                Operation.FIND_MANY,
                Stage.SHADOW,
                shape,
                ReadCompared.Verdict.MATCHED,
                confirmed,
                List.of(),
                List.of(),
                legacy,
                target);
    }

    private static SideAnswer answer(Side side, long rows, @Nullable String code) {
        return new SideAnswer(side, side == Side.LEGACY ? 2_000_000 : 1_000_000, rows, code);
    }
}
