package io.crossfade.frontdoor.rest;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Reads request bodies up to a limit, so that no caller decides how much memory we use. */
final class Bodies {
    private Bodies() {}

    /** The body; fails with CF413 as soon as it is known to be longer than the limit, in bytes. */
    static Future<Buffer> read(HttpServerRequest request, int limit) {
        if (announcedLength(request) > limit) {
            return Future.failedFuture(tooLarge(limit));
        }
        Promise<Buffer> body = Promise.promise();
        Buffer read = Buffer.buffer();
        request.handler(chunk -> {
            if (read.length() + chunk.length() <= limit) {
                read.appendBuffer(chunk);
            } else {
                body.tryFail(tooLarge(limit));
            }
        });
        request.exceptionHandler(body::tryFail);
        request.endHandler(end -> body.tryComplete(read));
        return body.future();
    }

    private static long announcedLength(HttpServerRequest request) {
        String header = request.getHeader("Content-Length");
        try {
            return header == null ? 0 : Long.parseLong(header);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    private static CallFailure tooLarge(int limit) {
        return new CallFailure(
                Code.CF413,
                "The request body is larger than " + limit + " bytes",
                null,
                "Send the rows in smaller batches, or raise rest.maxBodySize.");
    }
}
