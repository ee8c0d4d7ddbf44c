package io.crossfade.shadow.watch;

import io.crossfade.migration.Side;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the watchdog may ask of the part that it watches over. */
public interface Watched {
    /** The groups that are shadowed by this proxy now. */
    Set<String> groups();

    /** The side that this proxy replays a group from now; null where it does not. */
    @Nullable
    Side authority(String group);

    /** Completes when everything that had committed on the authority before this call is on the shadow. */
    Future<Void> caughtUp(String group);

    /**
     * Raises the fence of a group's shadow again.
     *
     * @return how the fence of each repository looks, as it stands; empty where the group is not shadowed any more
     */
    Future<Map<String, String>> raiseFence(String group);

    /** Stops shadowing a group whose journal was given up. */
    Future<Void> giveUp(Set<String> repositories, String reason);
}
