package io.crossfade.shadow.install;

import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;

/** What keeps one table from being captured. */
final class TableRefusals {
    private TableRefusals() {}

    /**
     * All of it at once.
     *
     * @param table its quoted name
     * @param row what {@code tables.sql} says of it
     */
    static List<Refusal> of(String table, List<KeyColumn> key, Row row) {
        List<Refusal> refusals = new ArrayList<>();
        if (key.isEmpty()) {
            refusals.add(new Refusal(
                    table,
                    "has no key by which a row can be found again",
                    "Add a primary key, or a UNIQUE index on NOT NULL columns."));
        }
        if (row.getBoolean("inherits")) {
            refusals.add(new Refusal(
                    table,
                    "is part of an inheritance tree",
                    "Make it a partitioned table, or end the inheritance with ALTER TABLE … NO INHERIT …."));
        }
        if (row.getBoolean("subscribed")) {
            refusals.add(new Refusal(
                    table,
                    "is fed by a logical subscription, whose writes must not be sent back",
                    "Drop the table from the subscription first."));
        }
        if (!row.getBoolean("owned")) {
            refusals.add(new Refusal(
                    table,
                    "belongs to role " + row.getString("owner") + ", and only its owner may add triggers",
                    "Log in as that role, or as a member of it."));
        }
        KeyRefusals.of(table, key).ifPresent(refusals::add);
        return refusals;
    }
}
