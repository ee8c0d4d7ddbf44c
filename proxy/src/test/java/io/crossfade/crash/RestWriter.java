package io.crossfade.crash;

import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls through the proxy, each on bookings of this writer's own. */
final class RestWriter implements Load.Writer {
    private final Supplier<RestClient> proxy;
    private final Ledger ledger;
    private final Random random;
    private final List<String> mine = new ArrayList<>();
    private long version;

    RestWriter(Supplier<RestClient> proxy, Ledger ledger, long seed) {
        this.proxy = proxy;
        this.ledger = ledger;
        this.random = new Random(seed);
    }

    @Override
    public void write() {
        version++;
        switch (random.nextInt(7)) {
            case 0, 1 -> insert();
            case 2 -> bulk();
            case 3 -> one("PATCH", "{\"version\":" + version + "}", version);
            case 4 -> one("DELETE", null, null);
            case 5 -> free("PATCH", "/staff?id=eq." + (1 + random.nextInt(20)), "{\"version\":" + version + "}");
            default -> free("DELETE", "/scratch?id=eq." + random.nextInt(1_000), null);
        }
    }

    @Override
    public boolean settle() {
        return true;
    }

    private void insert() {
        String id = UUID.randomUUID().toString();
        mine.add(id);
        send(List.of(id), version, "POST", "/bookings", row(id));
    }

    /** Some of them are there already: what the bot calls a sync. */
    private void bulk() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            boolean known = !mine.isEmpty() && random.nextBoolean();
            String id = known
                    ? mine.get(random.nextInt(mine.size()))
                    : UUID.randomUUID().toString();
            if (!ids.contains(id)) {
                ids.add(id);
            }
        }
        ids.stream().filter(id -> !mine.contains(id)).forEach(mine::add);
        String rows = String.join(",", ids.stream().map(this::row).toList());
        send(ids, version, "POST", "/bookings?on_conflict=id", "[" + rows + "]");
        free("POST", "/scratch?on_conflict=id", "{\"id\":" + random.nextInt(1_000) + ",\"word\":\"" + version + "\"}");
    }

    private void one(String method, @Nullable String body, @Nullable Long becomes) {
        if (mine.isEmpty()) {
            return;
        }
        String id = mine.get(random.nextInt(mine.size()));
        if (becomes == null) {
            mine.remove(id);
        }
        if (becomes != null && !ledger.isThere(id)) {
            return;
        }
        send(List.of(id), becomes, method, "/bookings?id=eq." + id, body);
    }

    private void send(List<String> ids, @Nullable Long becomes, String method, String path, @Nullable String body) {
        ids.forEach(id -> ledger.attempt(id, becomes));
        if (answered(method, path, body)) {
            ids.forEach(id -> ledger.acknowledge(id, becomes));
        } else {
            // What nobody knows may still happen, and even after the next write of the same row.
            mine.removeAll(ids);
        }
    }

    /** On rows that everybody writes, so that only both sides can be compared. */
    private void free(String method, String path, @Nullable String body) {
        var unused = answered(method, path, body);
    }

    private boolean answered(String method, String path, @Nullable String body) {
        try {
            RestClient.Request request = proxy.get().request(method, path).prefer("resolution=merge-duplicates");
            if (body != null) {
                request.json(body);
            }
            RestResponse answer = request.send();
            if (answer.status() >= 400 && answer.status() < 500) {
                throw new IllegalStateException(answer.status() + " " + answer.body() + " to " + method + " " + path);
            }
            return answer.status() < 300;
        } catch (UncheckedIOException away) {
            LockSupport.parkNanos(5_000_000);
            return false;
        }
    }

    private String row(String id) {
        return "{\"id\":\"" + id + "\",\"version\":" + version + ",\"note\":{\"v\":" + version + "}}";
    }
}
