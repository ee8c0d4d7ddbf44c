package io.crossfade.shadow.replay;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The dead letters of one group, as its leader keeps them in the transactions that write its rows. */
final class DeadLetterBox {
    /**
     * Half a second, doubled at every attempt, five minutes at most. One that was only tried along with another has not had its turn.
     */
    private static final String KEEP = """
            INSERT INTO crossfade.dead_letter AS d (repository, key, sqlstate, problem, next_try_at)
            VALUES ($1, $2, $3, $4, clock_timestamp() + interval '500 milliseconds')
            ON CONFLICT (repository, key) DO UPDATE SET sqlstate = excluded.sqlstate, problem = excluded.problem,
              attempts = d.attempts + CASE WHEN d.next_try_at > clock_timestamp() THEN 0 ELSE 1 END,
              next_try_at = CASE WHEN d.next_try_at > clock_timestamp() THEN d.next_try_at
                ELSE clock_timestamp() + least(interval '5 minutes',
                  interval '500 milliseconds' * power(2, least(d.attempts, 20))) END""";

    private static final String REMOVE = """
            DELETE FROM crossfade.dead_letter d USING unnest($1::text[], $2::text[]) AS gone(repository, key)
            WHERE d.repository = gone.repository AND d.key = gone.key""";

    private static final String ALL = "SELECT repository, key FROM crossfade.dead_letter WHERE repository = ANY ($1)";

    /**
     * One row at least, with how many letters there are. What was refused because of other rows is tried with all others of
     * its kind once it has failed a few times by itself: two rows that exchange a unique value fail singly for ever, and their times
     * would never be the same. At the end of a backlog all of them are tried, because what they waited for has come by then.
     */
    private static final String DUE = """
            SELECT every.n, due.repository, due.key
            FROM (SELECT count(*) AS n FROM crossfade.dead_letter WHERE repository = ANY ($1)) AS every
            LEFT JOIN (SELECT repository, key FROM crossfade.dead_letter
              WHERE repository = ANY ($1) AND (next_try_at <= clock_timestamp()
                OR sqlstate IN ('23503', '23505', '23P01') AND EXISTS (SELECT FROM crossfade.dead_letter AS other
                  WHERE $3 OR other.repository = ANY ($1) AND other.sqlstate IN ('23503', '23505', '23P01')
                    AND other.attempts >= 3 AND other.next_try_at <= clock_timestamp()))
              ORDER BY next_try_at LIMIT $2) AS due ON true""";

    private static final int MOST_AT_ONCE = 500;

    private final String[] repositories;
    private final Set<Address> known = new HashSet<>();
    private volatile boolean stale;
    private boolean backlogEnded = true;

    DeadLetterBox(Session shadow, Shape shape) {
        this.repositories = shape.tables().stream().map(Table::repository).toArray(String[]::new);
        known.addAll(all(shadow));
    }

    /** Somebody else has changed them: an operator has discarded one. */
    void forget() {
        stale = true;
    }

    /** Nothing waits any more that a letter could have waited for. Whoever begins does not know, and takes it for that. */
    void backlogEnded() {
        backlogEnded = true;
    }

    /** Those that were due are being tried. */
    void trying() {
        backlogEnded = false;
    }

    int size() {
        return known.size();
    }

    String[] repositories() {
        return repositories;
    }

    boolean holds(RowImage row) {
        return !known.isEmpty() && known.contains(Address.of(row));
    }

    /**
     * Those whose time has come; asks the database only while there are any. Notices on the way that an operator has given
     * some of them up.
     *
     * @param sliceKeys how many keys a slice takes
     */
    List<Address> due(Session shadow, int sliceKeys) {
        if (stale) {
            stale = false;
            known.clear();
            known.addAll(all(shadow));
        }
        if (known.isEmpty()) {
            return List.of();
        }
        List<Address> due = new ArrayList<>();
        long left = 0;
        // Rows that a slice holds only singly cannot be tried together.
        boolean every = backlogEnded && sliceKeys > 1;
        int most = every ? Math.max(sliceKeys, MOST_AT_ONCE) : Math.min(sliceKeys, MOST_AT_ONCE);
        for (Row row : shadow.run(DUE, Tuple.of(repositories, most, every))) {
            left = row.getLong(0);
            if (row.getString(1) != null) {
                due.add(new Address(row.getString(1), row.getString(2)));
            }
        }
        if (left != known.size()) {
            known.clear();
            known.addAll(all(shadow));
        }
        return List.copyOf(due);
    }

    /** Those that were to be tried again and that no row answers to: equal keys can have two texts, such as 1.0 and 1.00. */
    static List<Address> outdated(Snapshot snapshot) {
        Set<Address> outdated = new HashSet<>(snapshot.letters());
        snapshot.rows().forEach(row -> outdated.remove(Address.of(row)));
        return List.copyOf(outdated);
    }

    void keep(Session shadow, RowImage row, Refusal refusal) {
        shadow.run(KEEP, Tuple.of(row.table().repository(), row.key(), refusal.sqlState(), refusal.problem()));
    }

    void remove(Session shadow, Collection<Address> letters) {
        if (!letters.isEmpty()) {
            shadow.run(
                    REMOVE, Tuple.of(letters.stream().map(Address::repository).toArray(String[]::new), (Object)
                            letters.stream().map(Address::key).toArray(String[]::new)));
        }
    }

    /** How many there will be once these were kept and those removed. */
    int sizeAfter(Collection<RowImage> kept, Collection<Address> removed) {
        Set<Address> after = new HashSet<>(known);
        removed.forEach(after::remove);
        kept.forEach(row -> after.add(Address.of(row)));
        return after.size();
    }

    /** After the commit. */
    void committed(Collection<RowImage> kept, Collection<Address> removed) {
        removed.forEach(known::remove);
        kept.forEach(row -> known.add(Address.of(row)));
    }

    private List<Address> all(Session shadow) {
        List<Address> addresses = new ArrayList<>();
        for (Row row : shadow.run(ALL, Tuple.of((Object) repositories))) {
            addresses.add(new Address(row.getString(0), row.getString(1)));
        }
        return addresses;
    }

    record Address(String repository, String key) {
        static Address of(RowImage row) {
            return new Address(row.table().repository(), row.key());
        }
    }
}
