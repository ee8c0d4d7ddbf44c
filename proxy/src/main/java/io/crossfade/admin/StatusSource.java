package io.crossfade.admin;

import io.crossfade.instance.Instance;
import java.time.Duration;
import java.util.List;

/** What the page wants to know about the proxy as a whole; asked on an event loop, so it answers from memory. */
public interface StatusSource {
    /** The version of this proxy. */
    String version();

    /** How long it has been running. */
    Duration uptime();

    /** The configured sides, legacy first; legacy alone while there is no target. */
    List<SideStatus> sides();

    /** The groups that are shadowed now, by name. */
    List<ShadowStatus> shadow();

    /** The groups whose writes are captured, by name, shadowed or not. */
    default List<CaptureStatus> capture() {
        return List.of();
    }

    /** What a forced rollback would cost now, for each group whose writes the target takes, by name. */
    default List<AtRiskStatus> atRisk() {
        return List.of();
    }

    /** The proxies between the same two databases, this one first; none where nothing is shared. */
    default List<Instance> instances() {
        return List.of();
    }

    /** What the journal of each side takes, legacy first; of the sides that were seen. */
    default List<JournalStatus> journals() {
        return List.of();
    }
}
