package io.crossfade.shadow.watch;

import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;

/** What the watchdog may ask of the part that it watches over. */
public interface Watched {
    /** The groups that are shadowed by this proxy now. */
    Set<String> groups();

    /** Completes when everything that had committed on the authority before this call is on the shadow. */
    Future<Void> caughtUp(String group);

    /**
     * Raises the fence of a group again.
     *
     * @return how the fence of each repository looks, as it stands; empty where the group is not shadowed any more
     */
    Future<Map<String, String>> raiseFence(String group);

    /** Stops shadowing a group whose journal was given up. */
    Future<Void> giveUp(Set<String> repositories, String reason);
}
