package io.crossfade.cutover;

import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import java.io.UncheckedIOException;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Writes notes of its own through one proxy, and reads each back. */
final class RestCaller implements Callers.Caller {
    private final Instance proxy;
    private final Accounts accounts;
    private final boolean strict;

    /** @param strict whether every call has to succeed; otherwise a proxy or a database may be away for a while */
    RestCaller(Instance proxy, Accounts accounts, boolean strict) {
        this.proxy = proxy;
        this.accounts = accounts;
        this.strict = strict;
    }

    @Override
    public void call() {
        String key = UUID.randomUUID().toString();
        String path = "/notes?key=eq." + key;
        if (write(key, 1, "POST", "/notes", "{\"key\":\"" + key + "\",\"version\":1}")
                && read(path, 1)
                && write(key, 2, "PATCH", path, "{\"version\":2}")) {
            var unused = read(path, 2);
        }
    }

    private boolean write(String key, long version, String method, String path, String body) {
        accounts.attempt(key, version);
        boolean done = succeeds(proxy.rest().request(method, path).json(body)) != null;
        if (done) {
            accounts.acknowledge(key, version);
        }
        return done;
    }

    /** What was acknowledged through this proxy is never missing from what it answers. */
    private boolean read(String path, long version) {
        RestResponse answer = succeeds(proxy.rest().request("GET", path + "&select=version"));
        String expected = "[{\"version\":" + version + "}]";
        if (strict && answer != null && !answer.body().equals(expected)) {
            accounts.fail(path + " answered " + answer.body() + " by " + answer.header("X-Crossfade-Side") + " after "
                    + version + " was acknowledged");
        }
        return answer != null;
    }

    private @Nullable RestResponse succeeds(RestClient.Request request) {
        try {
            RestResponse answer = request.send();
            if (answer.status() < 300) {
                return answer;
            }
            if (strict || answer.status() < 500) {
                accounts.fail(
                        request + " through " + proxy.name + " answered " + answer.status() + " " + answer.body());
            }
        } catch (UncheckedIOException away) {
            if (strict) {
                accounts.fail(request + " through " + proxy.name + ": " + away.getMessage());
            }
        }
        LockSupport.parkNanos(5_000_000);
        return null;
    }
}
