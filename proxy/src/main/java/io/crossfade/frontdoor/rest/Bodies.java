package io.crossfade.frontdoor.rest;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Reads request bodies up to a limit, so that no caller decides how much memory we use. */
final class Bodies {
    /** A caller that sends a little too much reads the refusal once it has sent all; one that sends far too much does not. */
    private static final int PATIENCE = 8;

    private Bodies() {}

    /** How many bytes the caller says it will send; the limit where it does not say, or says more. */
    static long announced(HttpServerRequest request, int limit) {
        String length = request.getHeader("Content-Length");
        if (length == null) {
            return request.getHeader("Transfer-Encoding") == null ? 0 : limit;
        }
        try {
            return Math.min(limit, Long.parseLong(length));
        } catch (NumberFormatException e) {
            return limit;
        }
    }

    /** The body; fails with CF413 where it is longer than the limit, in bytes. The request may have been paused. */
    static Future<Buffer> read(HttpServerRequest request, int limit) {
        Promise<Buffer> body = Promise.promise();
        Buffer read = Buffer.buffer();
        long[] length = {0};
        request.handler(chunk -> {
            length[0] += chunk.length();
            if (length[0] <= limit) {
                read.appendBuffer(chunk);
            } else if (length[0] > (long) limit * PATIENCE && !body.future().isComplete()) {
                // Before the failure, which is answered at once.
                request.response().putHeader("Connection", "close");
                body.fail(tooLarge(limit));
            }
        });
        request.exceptionHandler(body::tryFail);
        request.endHandler(end -> {
            boolean done = length[0] <= limit ? body.tryComplete(read) : body.tryFail(tooLarge(limit));
            assert done || body.future().failed();
        });
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue().onFailure(body::tryFail);
        }
        request.resume();
        return body.future();
    }

    private static CallFailure tooLarge(int limit) {
        return new CallFailure(
                Code.CF413,
                "The request body is larger than " + limit + " bytes",
                null,
                "Send the rows in smaller batches, or raise rest.maxBodySize.");
    }
}
