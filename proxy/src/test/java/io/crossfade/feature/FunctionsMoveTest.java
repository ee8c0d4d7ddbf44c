package io.crossfade.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.Crossfade;
import io.crossfade.migration.Stage;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A function that writes goes where the table that it is named with goes. */
class FunctionsMoveTest {
    private static final int COUNTER = 32;
    private final CutoverRig rig = new CutoverRig(CutoverSettings.DEFAULTS);

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void aFunctionIsAskedOfWhicheverSideHasTheWritesAndNoCallFailsWhileTheyMove() throws Exception {
        Crossfade proxy = rig.proxy();
        RestClient rest = new RestClient("http://127.0.0.1:" + proxy.restPort() + "/rest/v1");
        assertThat(countUp(rest).header("X-Crossfade-Side")).isEqualTo("legacy");
        AtomicInteger counted = new AtomicInteger(1);
        AtomicBoolean going = new AtomicBoolean(true);
        CompletableFuture<Void> caller = CompletableFuture.runAsync(() -> {
            while (going.get()) {
                var unused = countUp(rest);
                counted.incrementAndGet();
            }
        });
        try {
            CutoverRig.expectDone(CutoverRig.cutover(proxy));
            int moved = counted.get();
            CounterRig.await("calls go on", () -> counted.get() > moved + 5 || caller.isDone());
            assertThat(countUp(rest).header("X-Crossfade-Side")).isEqualTo("target");
            CutoverRig.expectDone(CutoverRig.rollback(proxy, Stage.SHADOW));
        } finally {
            going.set(false);
        }
        caller.get();
        assertThat(countUp(rest).header("X-Crossfade-Side")).isEqualTo("legacy");
        // One before, one on the target, one after.
        assertThat(rig.legacy.number("SELECT n FROM counters WHERE id = " + COUNTER))
                .isEqualTo(counted.get() + 2);
        rig.expectEqual();
    }

    private static RestResponse countUp(RestClient rest) {
        return rest.post("/rpc/count_up", "{\"which\":" + COUNTER + "}").expectStatus(200);
    }
}
