package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.admin.Sessions.Session;
import io.crossfade.mismatch.MismatchDesk;
import io.crossfade.state.GroupStates;
import io.crossfade.work.Works;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * {@code GET /api/events}: what happens, as server-sent events. {@code status} each second, {@code work} at every step of
 * long work, {@code state} when a group has moved, {@code mismatches} when there is a new one to look at.
 *
 * <p>Only so many may listen, and who reads too slowly is let go rather than buffered for. A listener by cookie is let go
 * when its session ends. Nothing is computed while nobody listens.
 *
 * <p>Threading: everything happens on the event loop of the verticle; what comes from other threads is passed to it.
 */
final class Events implements Handler<RoutingContext> {
    static final int MOST = 50;
    private static final long STATUS_MILLIS = 1_000;
    private static final int BEAT_TICKS = 15;

    private final StatusView status;
    private final GetRepositories repositories;
    private final Sessions sessions;
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private int ticks;

    Events(StatusView status, GetRepositories repositories, Sessions sessions) {
        this.status = status;
        this.repositories = repositories;
        this.sessions = sessions;
    }

    /** Listens from now on; to be called on the event loop. */
    void open(Vertx vertx, Works works, GroupStates states, MismatchDesk mismatches) {
        Context loop = vertx.getOrCreateContext();
        vertx.setPeriodic(STATUS_MILLIS, tick -> tick());
        mismatches.onNews(() -> loop.runOnContext(now -> send("mismatches", new JsonObject())));
        works.onStep(work -> loop.runOnContext(now -> send("work", GetOperations.view(work))));
        states.onChange(() -> loop.runOnContext(now -> {
            if (!streams.isEmpty()) {
                var unused = repositories.json().onSuccess(told -> send("state", told));
            }
        }));
    }

    @Override
    public void handle(RoutingContext context) {
        if (streams.size() >= MOST) {
            throw new Problem(Kind.TOO_MANY_LISTENERS, MOST + " listen already; close a page that is open elsewhere");
        }
        EventStream stream = new EventStream(
                context.response(),
                () -> SessionCookie.session(context).map(this::isOpen).orElse(true));
        streams.add(stream);
        context.response().closeHandler(closed -> streams.remove(stream));
        stream.begin();
        // What fails now is told within a second.
        var unused = everything().onSuccess(told -> {
            if (!stream.send("status", told)) {
                streams.remove(stream);
            }
        });
    }

    /** Ends every stream. */
    void close() {
        List.copyOf(streams).forEach(EventStream::end);
        streams.clear();
    }

    int listeners() {
        return streams.size();
    }

    private boolean isOpen(Session session) {
        return sessions.find(session.id()).isPresent();
    }

    private void tick() {
        streams.removeIf(stream -> !stream.isWelcome());
        if (!streams.isEmpty()) {
            // The next one is a second away.
            var unused = everything().onSuccess(told -> send("status", told));
        }
        if (++ticks % BEAT_TICKS == 0) {
            streams.forEach(EventStream::beat);
        }
    }

    private Future<JsonObject> everything() {
        return repositories
                .json()
                .map(seen -> new JsonObject().put("status", status.json()).put("repositories", seen));
    }

    private void send(String event, JsonObject told) {
        streams.removeIf(stream -> !stream.send(event, told));
    }
}
