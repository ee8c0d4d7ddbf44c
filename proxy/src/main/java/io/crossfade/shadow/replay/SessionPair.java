package io.crossfade.shadow.replay;

import io.crossfade.settings.SideSettings;
import io.vertx.core.Vertx;
import java.time.Duration;

/** One session on either side; what breaks one of them ends both. */
record SessionPair(Session authority, Session shadow) implements AutoCloseable {
    /** Opens them. Which database cannot be reached is in the failure. */
    static SessionPair open(Vertx vertx, SideSettings authority, SideSettings shadow, Duration patience) {
        Session from = Session.open(vertx, authority, patience);
        try {
            return new SessionPair(from, Session.open(vertx, shadow, patience));
        } catch (RuntimeException e) {
            from.close();
            throw e;
        }
    }

    @Override
    public void close() {
        authority.close();
        shadow.close();
    }
}
