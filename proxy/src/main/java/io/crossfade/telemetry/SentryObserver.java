package io.crossfade.telemetry;

import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.AuthorityForced;
import io.crossfade.observation.Observation.CaptureBroken;
import io.crossfade.observation.Observation.GuardrailBreached;
import io.crossfade.observation.Observation.JournalAlarm;
import io.crossfade.observation.Observation.MismatchFirstSeen;
import io.crossfade.observation.Observation.RetiredSideUsed;
import io.crossfade.observation.Observation.RowsGone;
import io.crossfade.observation.Observation.Unexpected;
import io.crossfade.observation.Observer;
import io.crossfade.settings.TelemetrySettings;
import io.sentry.Hint;
import io.sentry.SentryClient;
import io.sentry.SentryEvent;
import io.sentry.SentryLevel;
import io.sentry.SentryOptions;
import io.sentry.protocol.Message;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Sends the few events to Sentry that a person should see. Without a DSN nothing is sent and nothing is opened.
 *
 * <p>An event holds names of repositories, groups and columns, numbers, our own words and the frames of a stack trace. It
 * never holds the message of an exception, because a database puts values into its own; nor SQL, a request, or the name of the
 * machine where none is configured.
 *
 * <p>Price: at most 50 events wait to be sent, by a thread of Sentry's own; what does not fit is dropped. The same event is
 * sent at most once a minute. Threads: any; nothing blocks.
 */
public final class SentryObserver implements Observer {
    private static final int MOST_WAITING = 50;
    private static final int MOST_REMEMBERED = 200;
    private static final long BETWEEN_NANOS = 60_000_000_000L;
    private static final long FLUSH_MILLIS = 2_000;
    private static final int NETWORK_MILLIS = 5_000;

    private final SentryClient client;
    private final LongSupplier clock;
    private final Map<String, Long> sentAt = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    private SentryObserver(SentryClient client, LongSupplier clock) {
        this.client = client;
        this.clock = clock;
    }

    /**
     * Opens the way to Sentry.
     *
     * @param dsn where it takes events
     * @param release what is running
     */
    public static SentryObserver open(String dsn, TelemetrySettings settings, String release) {
        SentryOptions options = new SentryOptions();
        options.setDsn(dsn);
        options.setRelease(release);
        options.setEnvironment(settings.environment());
        options.setServerName(settings.serverName());
        options.setAttachServerName(false);
        options.setAttachStacktrace(false);
        options.setAttachThreads(false);
        options.setSendModules(false);
        options.setMaxBreadcrumbs(0);
        options.setEnableUncaughtExceptionHandler(false);
        options.setEnableExternalConfiguration(false);
        options.setEnableShutdownHook(false);
        options.setEnableDeduplication(false);
        options.setMaxQueueSize(MOST_WAITING);
        options.setFlushTimeoutMillis(FLUSH_MILLIS);
        options.setShutdownTimeoutMillis(FLUSH_MILLIS);
        options.setConnectionTimeoutMillis(NETWORK_MILLIS);
        options.setReadTimeoutMillis(NETWORK_MILLIS);
        // Personal data is not sent unless asked for; an empty user would be all the same.
        options.setBeforeSend((event, hint) -> {
            event.setUser(null);
            return event;
        });
        return new SentryObserver(new SentryClient(options), System::nanoTime);
    }

    @Override
    public void observe(Observation observation) {
        if (observation instanceof MismatchFirstSeen seen) {
            SentryEvent event =
                    event(SentryLevel.WARNING, "The two databases differ in a way that was not seen before");
            event.setTag("repository", seen.repository());
            event.setTag("kind", seen.kind());
            event.setTag("column", String.valueOf(seen.column()));
            send(event, "mismatch", seen.repository(), seen.kind(), String.valueOf(seen.column()));
        } else if (observation instanceof GuardrailBreached breached) {
            SentryEvent event = event(SentryLevel.ERROR, "A guardrail was breached: " + breached.reason());
            event.setTag("group", breached.group());
            event.setTag("guardrail", breached.guardrail());
            event.setTag("action", breached.action().label());
            send(event, "guardrail", breached.group(), breached.guardrail());
        } else if (observation instanceof AuthorityForced forced) {
            SentryEvent event = event(
                    SentryLevel.ERROR,
                    "An authority was taken by force; up to " + forced.atRisk() + " writes may be missing");
            event.setTag("group", forced.group());
            event.setTag("side", forced.to().label());
            send(event, "forced", forced.group());
        } else if (observation instanceof CaptureBroken broken) {
            // Without the reason, which may quote what a database said: the status tells it.
            SentryEvent event = event(SentryLevel.ERROR, "The shadow of a group cannot be relied on");
            event.setTag("group", broken.group());
            send(event, "capture", broken.group());
        } else if (observation instanceof JournalAlarm alarm) {
            SentryEvent event = event(
                    SentryLevel.ERROR,
                    "The journal takes " + (alarm.bytes() >> 20) + " MB, and is given up at " + (alarm.hardSize() >> 20)
                            + " MB");
            event.setTag("side", alarm.side().label());
            send(event, "journal", alarm.side().label());
        } else if (observation instanceof RowsGone gone) {
            SentryEvent event =
                    event(SentryLevel.ERROR, "Reads that found rows have found none, times in a row: " + gone.reads());
            event.setTag("repository", gone.repository());
            event.setTag("side", gone.side().label());
            send(event, "rows-gone", gone.repository(), gone.side().label());
        } else if (observation instanceof RetiredSideUsed used) {
            SentryEvent event =
                    event(SentryLevel.ERROR, "Somebody other than the proxies uses a side that has not the authority");
            event.setTag("side", used.side().label());
            event.setTag("kind", used.use().label());
            send(event, "retired", used.side().label(), used.use().label());
        } else if (observation instanceof Unexpected unexpected) {
            SentryEvent event = event(SentryLevel.ERROR, "Unexpected failure in " + unexpected.where());
            event.setExceptions(Frames.of(unexpected.error()));
            send(event, "unexpected", unexpected.where(), Frames.place(unexpected.error()));
        }
    }

    /** Sends what waits, for two seconds at most, and closes the way. */
    public Future<Void> close(Vertx vertx) {
        return vertx.<Void>executeBlocking(
                        () -> {
                            client.close(false);
                            return null;
                        },
                        false)
                .timeout(FLUSH_MILLIS + 500, TimeUnit.MILLISECONDS)
                .otherwiseEmpty();
    }

    private static SentryEvent event(SentryLevel level, String text) {
        SentryEvent event = new SentryEvent();
        event.setLevel(level);
        event.setLogger("io.crossfade");
        Message message = new Message();
        message.setFormatted(text);
        event.setMessage(message);
        return event;
    }

    private void send(SentryEvent event, String... fingerprint) {
        event.setFingerprints(List.of(fingerprint));
        if (isNew(String.join("\0", fingerprint))) {
            client.captureEvent(event, null, new Hint());
        }
    }

    private synchronized boolean isNew(String what) {
        long now = clock.getAsLong();
        Long before = sentAt.get(what);
        if (before != null && now - before < BETWEEN_NANOS) {
            return false;
        }
        sentAt.remove(what);
        sentAt.put(what, now);
        return true;
    }
}
