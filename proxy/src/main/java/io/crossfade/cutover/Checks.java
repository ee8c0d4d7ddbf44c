package io.crossfade.cutover;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/** What has to be green before the writes of a group go to the target. */
@FunctionalInterface
public interface Checks {
    /** What is red, a sentence for each. */
    Future<List<Red>> beforeLive(String group, Set<String> members);

    /**
     * One that is red.
     *
     * @param name its short name
     * @param reason why, and what to do about it
     */
    record Red(String name, String reason) {}
}
