package io.crossfade.shadow.replay;

import io.crossfade.settings.SideSettings;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One session on either side, and while a long backlog is moved two more that speak COPY; what breaks one of them ends all.
 *
 * <p>Threading: that of whoever opened it; {@link #close} may be called from any.
 */
final class SessionPair implements AutoCloseable {
    private final Session authority;
    private final Session shadow;
    private final SideSettings authoritySettings;
    private final SideSettings shadowSettings;
    private final Duration patience;
    private @Nullable CopyPair copying;
    private boolean closed;

    private SessionPair(
            Session authority,
            Session shadow,
            SideSettings authoritySettings,
            SideSettings shadowSettings,
            Duration patience) {
        this.authority = authority;
        this.shadow = shadow;
        this.authoritySettings = authoritySettings;
        this.shadowSettings = shadowSettings;
        this.patience = patience;
    }

    /** Opens them. Which database cannot be reached is in the failure. */
    static SessionPair open(Vertx vertx, SideSettings authority, SideSettings shadow, Duration patience) {
        Session from = Session.open(vertx, authority, patience);
        try {
            Session to = Session.open(vertx, shadow, patience);
            return new SessionPair(from, to, authority, shadow, patience);
        } catch (RuntimeException | Error e) {
            from.close();
            throw e;
        }
    }

    Session authority() {
        return authority;
    }

    Session shadow() {
        return shadow;
    }

    boolean canCopy() {
        return CopySession.canReach(authoritySettings) && CopySession.canReach(shadowSettings);
    }

    /** Those that speak COPY for this leadership, opened where they are not. */
    CopyPair copying(Office office) {
        CopyPair current = current();
        if (current != null && current.office() == office) {
            return current;
        }
        endCopying();
        CopyPair opened = CopyPair.open(authoritySettings, shadowSettings, patience, office);
        synchronized (this) {
            copying = opened;
            if (!closed) {
                return opened;
            }
        }
        opened.close();
        return opened;
    }

    void endCopying() {
        CopyPair current = current();
        if (current != null) {
            current.close();
        }
        synchronized (this) {
            copying = null;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        authority.close();
        shadow.close();
        CopyPair current = current();
        if (current != null) {
            current.close();
        }
    }

    private synchronized @Nullable CopyPair current() {
        return copying;
    }
}
