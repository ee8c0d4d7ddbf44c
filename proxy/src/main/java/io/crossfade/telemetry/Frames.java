package io.crossfade.telemetry;

import io.crossfade.call.Failure;
import io.crossfade.observation.OutcomeLabel;
import io.sentry.protocol.SentryException;
import io.sentry.protocol.SentryStackFrame;
import io.sentry.protocol.SentryStackTrace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An exception without its words: its class, the code where it is a failure of ours, the frames, and the same of its causes. The
 * words may hold a value of the application's data, whoever chose them.
 */
final class Frames {
    private static final int MOST_CAUSES = 5;
    private static final int MOST_FRAMES = 100;

    private Frames() {}

    /** The causes first, as Sentry wants them. */
    static List<SentryException> of(Throwable error) {
        List<SentryException> exceptions = new ArrayList<>();
        Throwable each = error;
        while (each != null && exceptions.size() < MOST_CAUSES) {
            exceptions.add(one(each));
            each = each.getCause();
        }
        Collections.reverse(exceptions);
        return exceptions;
    }

    /** What and where, for telling events apart. */
    static String place(Throwable error) {
        StackTraceElement[] trace = error.getStackTrace();
        return error.getClass().getName() + (trace.length == 0 ? "" : " " + trace[0]);
    }

    private static SentryException one(Throwable error) {
        SentryException exception = new SentryException();
        exception.setType(error.getClass().getSimpleName());
        exception.setModule(error.getClass().getPackageName());
        exception.setValue(code(error));
        List<SentryStackFrame> frames = new ArrayList<>();
        Arrays.stream(error.getStackTrace()).limit(MOST_FRAMES).forEach(element -> frames.add(frame(element)));
        // The innermost last, as Sentry wants them.
        Collections.reverse(frames);
        exception.setStacktrace(new SentryStackTrace(frames));
        return exception;
    }

    /** Five characters that a function of the application chose may be anything, and its class is not. */
    private static @Nullable String code(Throwable error) {
        return error instanceof Failure failure ? OutcomeLabel.of(failure.code()) : null;
    }

    private static SentryStackFrame frame(StackTraceElement element) {
        SentryStackFrame frame = new SentryStackFrame();
        frame.setModule(element.getClassName());
        frame.setFunction(element.getMethodName());
        frame.setFilename(element.getFileName());
        if (element.getLineNumber() > 0) {
            frame.setLineno(element.getLineNumber());
        }
        frame.setInApp(element.getClassName().startsWith("io.crossfade."));
        return frame;
    }
}
