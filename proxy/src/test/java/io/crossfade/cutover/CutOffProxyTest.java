package io.crossfade.cutover;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import io.crossfade.testing.RestResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A proxy that does not know what the others have decided writes nothing on the wrong side, and finds back by itself. */
class CutOffProxyTest {
    @Test
    void aProxyThatCannotReachTheNewAuthorityWritesNowhereUntilItCan() {
        try (MoveRig rig = new MoveRig(Duration.ofSeconds(4))) {
            List<String> acknowledged = new ArrayList<>();
            for (Side from : Side.values()) {
                acknowledged.add(post(rig.other));
                Side to = from.other();
                rig.other.wireTo(to).cut();
                var unused = rig.move(rig.one, from == Side.LEGACY ? "cutover" : "rollback");
                assertThat(rig.awaitSettled()).isEqualTo(to);
                String refused = UUID.randomUUID().toString();
                rig.other.rest().post("/notes", note(refused)).expectError(503, "CF503");
                acknowledged.add(post(rig.one));
                rig.other.wireTo(to).restore();
                MoveRig.await("it writes again", () -> {
                    RestResponse answer = rig.other
                            .rest()
                            .post("/notes", note(UUID.randomUUID().toString()));
                    return answer.status() == 201;
                });
                acknowledged.add(post(rig.other));
                for (Side side : Side.values()) {
                    assertThat(rig.on(side).number("SELECT count(*) FROM notes WHERE key = '" + refused + "'"))
                            .isZero();
                }
            }
            rig.awaitEqual();
            acknowledged.forEach(
                    key -> assertThat(rig.target.number("SELECT count(*) FROM notes WHERE key = '" + key + "'"))
                            .isEqualTo(1));
        }
    }

    @Test
    void aProxyThatSleptThroughTheMoveSendsWhatItIsGivenToTheNewAuthority() {
        try (MoveRig rig = new MoveRig(Duration.ofSeconds(10))) {
            for (Side from : Side.values()) {
                // So that it has connections, plans and a belief.
                var before = post(rig.other);
                rig.other.pause();
                List<String> keys = new ArrayList<>();
                List<CompletableFuture<RestResponse>> sent = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    String key = UUID.randomUUID().toString();
                    keys.add(key);
                    sent.add(rig.other
                            .rest()
                            .request("POST", "/notes")
                            .json(note(key))
                            .sendAsync());
                }
                var unused = rig.move(rig.one, from == Side.LEGACY ? "cutover" : "rollback");
                rig.other.resume();
                sent.forEach(answer -> answer.join().expectStatus(201));
                assertThat(rig.awaitSettled()).isEqualTo(from.other());
                rig.awaitEqual();
                for (String key : keys) {
                    assertThat(rig.target.number("SELECT count(*) FROM notes WHERE key = '" + key + "'"))
                            .isEqualTo(1);
                }
                assertThat(rig.target.number("SELECT count(*) FROM notes WHERE key = '" + before + "'"))
                        .isEqualTo(1);
            }
        }
    }

    private static String post(Instance proxy) {
        String key = UUID.randomUUID().toString();
        proxy.rest().post("/notes", note(key)).expectStatus(201);
        return key;
    }

    private static String note(String key) {
        return "{\"key\":\"" + key + "\",\"version\":1}";
    }
}
