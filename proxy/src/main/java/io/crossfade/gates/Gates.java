package io.crossfade.gates;

import io.crossfade.migration.Stage;
import io.vertx.core.Future;
import java.util.List;
import java.util.Set;

/** Tells what must hold before a group moves forward. Threads: any; nothing blocks. */
public interface Gates {
    /** Nothing has to hold: where there is one database, nothing can move. */
    Gates NONE = new Gates() {
        @Override
        public Future<List<Gate>> towards(String group, Set<String> members, Stage next) {
            return Future.succeededFuture(List.of());
        }

        @Override
        public Future<List<Gate>> shown(String group, Set<String> members, Stage next) {
            return Future.succeededFuture(List.of());
        }
    };

    /**
     * The gates before a stage, looked at now, so that a move may be decided by them.
     *
     * @param members the repositories of the group
     * @return never fails, and takes a few seconds at most: what cannot be looked at is unknown
     */
    Future<List<Gate>> towards(String group, Set<String> members, Stage next);

    /** The same for a page that is looked at all the time: what was read from a database may be some seconds old. */
    Future<List<Gate>> shown(String group, Set<String> members, Stage next);
}
