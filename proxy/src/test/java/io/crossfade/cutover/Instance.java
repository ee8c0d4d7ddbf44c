package io.crossfade.cutover;

import com.fasterxml.jackson.databind.JsonNode;
import io.crossfade.migration.Side;
import io.crossfade.testing.ProxyProcess;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import io.crossfade.testing.TcpRelay;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One proxy in a process of its own, on wires of its own, and what an operator asks of it. Threads: any. */
final class Instance {
    private static final String AUTHORIZATION = "Bearer test-token";

    final String name;
    final TcpRelay toLegacy;
    final TcpRelay toTarget;
    private final Path config;
    private volatile ProxyProcess process;

    Instance(String name, TcpRelay toLegacy, TcpRelay toTarget, Path config) {
        this.name = name;
        this.toLegacy = toLegacy;
        this.toTarget = toTarget;
        this.config = config;
        this.process = started();
    }

    private ProxyProcess started() {
        // It lives for seconds: what matters is that it starts soon.
        return ProxyProcess.run(config, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");
    }

    /** Starts it again after it was killed. */
    void start() {
        process = started();
    }

    /** Ends it as {@code kill -9} does. */
    void kill() {
        process.kill();
    }

    void pause() {
        process.pause();
    }

    void resume() {
        process.resume();
    }

    RestClient rest() {
        return process.rest();
    }

    TcpRelay wireTo(Side side) {
        return side == Side.LEGACY ? toLegacy : toTarget;
    }

    /** Everything that was held, cut or silenced is as it was. */
    void mendWires() {
        toLegacy.restore();
        toTarget.restore();
    }

    /** Begins {@code cutover}, {@code rollback} or {@code rehearse}; empty where it is refused now. */
    Optional<String> begin(String what) {
        String body = what.equals("rollback") ? "{\"reason\":\"a test\"}" : "{\"reason\":\"a test\",\"override\":true}";
        RestResponse answer = admin("POST", "/api/" + what, body);
        return answer.status() == 202 ? Optional.of(answer.json().path("id").asText()) : Optional.empty();
    }

    /** How far an operation is that this very process has begun. */
    JsonNode operation(String id) {
        return admin("GET", "/api/operations/" + id, null).expectStatus(200).json();
    }

    /** How it ended, once it has. */
    JsonNode awaitEnd(String id) {
        MoveRig.await(
                "operation " + id + " ends",
                () -> !operation(id).path("state").asText().equals("running"));
        return operation(id);
    }

    /** The sum of the epochs of all groups, as this instance knows them. */
    long epoch() {
        return admin("GET", "/api/status", null).json().path("epoch").asLong();
    }

    /** The stage of the group, as this instance knows it. */
    String stage() {
        return admin("GET", "/api/repositories/notes", null)
                .json()
                .path("stage")
                .asText();
    }

    RestResponse admin(String method, String path, @Nullable String body) {
        RestClient.Request request = process.admin().request(method, path).header("Authorization", AUTHORIZATION);
        return (body == null ? request : request.json(body)).send();
    }

    /** Whether it takes calls. */
    boolean answers() {
        try {
            return rest().get("/totals?id=eq.1").status() == 200;
        } catch (UncheckedIOException away) {
            return false;
        }
    }

    void close() {
        process.kill();
    }
}
