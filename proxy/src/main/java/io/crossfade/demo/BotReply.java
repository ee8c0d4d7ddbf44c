package io.crossfade.demo;

import io.vertx.core.buffer.Buffer;

/** What came back for a request of the bot. */
public record BotReply(int status, Buffer body) {}
