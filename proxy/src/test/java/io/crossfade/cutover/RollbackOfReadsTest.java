package io.crossfade.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import io.crossfade.testing.RestResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Reads go back on every instance when it is asked of one. */
@SuppressWarnings("try") // The callers go on beside what is done, and end with the block.
class RollbackOfReadsTest {
    private static final int ROUNDS = Integer.getInteger("cutover.rounds", 10);

    @Test
    void onceTheOtherInstanceKnowsOfItNoReadIsAnsweredByTheTarget() {
        List<Double> took = new ArrayList<>();
        try (MoveRig rig = new MoveRig(Duration.ofSeconds(5))) {
            for (int round = 0; round < ROUNDS; round++) {
                rig.toRollout(100);
                took.add(rollBack(rig, round % 2 == 0 ? rig.one : rig.other));
            }
        }
        Collections.sort(took);
        System.out.printf(
                "From the call to the last read that the target answered on the other instance, in ms, over %d rounds:"
                        + " median %.1f, most %.1f%n",
                ROUNDS, took.get(ROUNDS / 2), took.get(ROUNDS - 1));
    }

    /** How long reads of the other instance still went to the target, in milliseconds. */
    private static double rollBack(MoveRig rig, Instance pressed) {
        Instance other = rig.besides(pressed);
        Accounts accounts = new Accounts();
        Queue<Read> reads = new ConcurrentLinkedQueue<>();
        Callers.Caller reader = () -> reads.add(read(other));
        long called;
        long known;
        try (Callers callers = Callers.start(accounts, List.of(reader, reader, reader, reader))) {
            MoveRig.await(
                    "the target answers reads",
                    () -> reads.stream().anyMatch(read -> read.side().equals("target")));
            long before = other.epoch();
            called = System.nanoTime();
            assertThat(pressed.begin("rollback")).isPresent();
            MoveRig.await("the other instance knows of it", () -> other.epoch() > before);
            known = System.nanoTime();
            int more = reads.size() + 50;
            MoveRig.await("reads go on", () -> reads.size() > more);
        }
        accounts.expectNoFailure();
        assertThat(reads).extracting(Read::status).containsOnly(200);
        assertThat(reads)
                .filteredOn(read -> read.begun() > known)
                .isNotEmpty()
                .extracting(Read::side)
                .containsOnly(Side.LEGACY.label());
        return reads.stream()
                        .filter(read -> read.side().equals("target"))
                        .mapToLong(read -> Math.max(0, read.ended() - called))
                        .max()
                        .orElseThrow()
                / 1_000_000.0;
    }

    private static Read read(Instance proxy) {
        long begun = System.nanoTime();
        RestResponse answer = proxy.rest().get("/totals?id=eq.1");
        return new Read(begun, System.nanoTime(), answer.status(), answer.header("X-Crossfade-Side"));
    }

    private record Read(long begun, long ended, int status, String side) {}
}
