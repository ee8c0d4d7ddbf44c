package io.crossfade.demo;

import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * What came back for a request of the bot.
 *
 * @param side the label of the side that answered; null where the answer names none, as a failure does not
 */
public record BotReply(int status, @Nullable String side, Buffer body) {}
