package io.crossfade.observation;

import io.crossfade.call.Operation;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.observation.Observation.CallServed;
import org.jspecify.annotations.Nullable;

/** Observations of calls that were answered. */
public final class CallsServed {
    private CallsServed() {}

    public static CallServed ok(String repository, Operation operation, Side side) {
        return new CallServed(repository, operation, side, Stage.ROLLOUT, "rollout", null, 3_000_000);
    }

    public static CallServed failed(String repository, @Nullable Side side, String code) {
        return new CallServed(repository, Operation.INSERT, side, null, "stage", code, 3_000_000);
    }
}
