package io.crossfade.property;

import io.crossfade.testing.TcpRelay.Direction;
import java.util.List;

/** What happens one after the other: a transaction, a wire that breaks, a proxy that dies. */
interface Step {
    /** As it is told when a test fails. */
    String describe(MadeUpSchema schema);

    /** Statements that commit or roll back together. */
    record Transaction(List<Write> writes, boolean committed) implements Step {
        @Override
        public String describe(MadeUpSchema schema) {
            StringBuilder sql = new StringBuilder("BEGIN;\n");
            writes.forEach(write -> sql.append("  ").append(write.sql(schema)).append(";\n"));
            return sql.append(committed ? "COMMIT;" : "ROLLBACK;").toString();
        }
    }

    /** The wire to one side breaks after so many more bytes. */
    record Break(boolean toLegacy, Direction direction, int bytes) implements Step {
        @Override
        public String describe(MadeUpSchema schema) {
            return "-- the wire to " + (toLegacy ? "legacy" : "target") + " breaks after " + bytes + " bytes "
                    + direction;
        }
    }

    /** The proxy loses its connections in the middle of what it does, ends, and another one starts. */
    record Restart() implements Step {
        @Override
        public String describe(MadeUpSchema schema) {
            return "-- the proxy dies, and another one starts";
        }
    }

    /** Everything so far is on the target before the history goes on, so that what follows changes rows that are there. */
    record Settle() implements Step {
        @Override
        public String describe(MadeUpSchema schema) {
            return "-- everything is replayed";
        }
    }
}
