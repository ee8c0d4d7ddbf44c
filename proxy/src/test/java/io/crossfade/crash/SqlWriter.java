package io.crossfade.crash;

import java.util.Random;
import java.util.UUID;

/**
 * Transactions of several statements, as a psql session sends them past the proxy: everything that rows with relations
 * can go through. Each puts a row into the table {@code ledger}, by which it is known whether it is there.
 */
final class SqlWriter implements Load.Writer {
    private final SqlSession session;
    private final Ledger ledger;
    private final Random random;
    private final int number;
    private final String name;
    private long next;

    SqlWriter(CrashRig rig, Ledger ledger, int number, long seed) {
        this.session = new SqlSession(rig);
        this.ledger = ledger;
        this.number = number;
        this.name = "w" + number;
        this.random = new Random(seed);
        this.next = number * 10_000_000L;
    }

    @Override
    public void write() {
        String id = UUID.randomUUID().toString();
        StringBuilder script = new StringBuilder("BEGIN;");
        int steps = 1 + random.nextInt(4);
        for (int i = 0; i < steps; i++) {
            boolean undone = random.nextInt(5) == 0;
            script.append(undone ? "SAVEPOINT s;" : "")
                    .append(statement())
                    .append(undone ? ";ROLLBACK TO SAVEPOINT s;" : ";");
        }
        boolean rolledBack = random.nextInt(10) == 0;
        script.append("INSERT INTO ledger VALUES ('" + id + "', '" + name + "', " + next++ + ");")
                .append(rolledBack ? "ROLLBACK" : "COMMIT");
        if (session.run(script.toString()) && !rolledBack) {
            ledger.acknowledge(id);
        }
    }

    @Override
    public boolean settle() {
        return true;
    }

    private String statement() {
        long id = next++;
        return switch (random.nextInt(18)) {
            case 0, 1 ->
                "INSERT INTO staff (id, shop, boss, tags) SELECT " + id + ", code, (SELECT max(id) FROM staff WHERE"
                        + " id / 10000000 = " + number + "), '{a,NULL,\"b,c\"}' FROM shops WHERE code = " + shop();
            case 2 -> "UPDATE staff SET version = version + 1 WHERE id / 10000000 = " + number;
            case 3 -> "DELETE FROM staff WHERE id = " + someStaff();
            case 4 ->
                "INSERT INTO visits (shop, no, staff, paid, at) SELECT code, " + random.nextInt(50) + ", " + someStaff()
                        + ", " + random.nextInt(10_000) + " / 100.0, now() FROM shops WHERE code = " + shop()
                        + " ON CONFLICT (shop, no) DO UPDATE SET paid = excluded.paid, staff = excluded.staff";
            case 5 ->
                "INSERT INTO visits (shop, no, paid) SELECT code, n, n FROM shops, generate_series(1, "
                        + (10 + random.nextInt(100)) + ") AS n WHERE code = " + shop() + " ON CONFLICT DO NOTHING";
            // With all that hangs on it; it comes back at once, or stays away.
            case 6 -> "DELETE FROM shops WHERE code = " + shop();
            case 7, 8 ->
                "INSERT INTO shops (code, place) SELECT '" + name + "-' || s, " + number + " * 10 + s"
                        + " FROM generate_series(1, 4) AS s ON CONFLICT DO NOTHING";
            // The children move, and their old parent goes in the same transaction.
            case 9 -> {
                String from = shop();
                yield "UPDATE staff SET shop = 'base' WHERE shop = " + from + "; DELETE FROM shops WHERE code = "
                        + from;
            }
            case 10 ->
                "UPDATE shops SET code = CASE WHEN code LIKE '%x' THEN left(code, -1) ELSE code || 'x' END WHERE code LIKE '"
                        + name + "-2%' AND (SELECT count(*) FROM shops WHERE code LIKE '" + name + "-2%') = 1";
            case 11 -> swap();
            case 12 -> {
                String which = someStaff();
                yield "UPDATE staff SET id = id + 1000000 WHERE id = " + which
                        + " AND NOT EXISTS (SELECT FROM staff WHERE id = " + which + " + 1000000)";
            }
            case 13 ->
                "INSERT INTO reviews (id, shop, no, stars) SELECT " + id + ", shop, no, 5 FROM visits WHERE shop = "
                        + shop()
                        + " ORDER BY no LIMIT 1 ON CONFLICT (shop, no) DO UPDATE SET stars = reviews.stars - 1";
            case 14 -> "INSERT INTO " + (random.nextBoolean() ? "events_high" : "events") + " VALUES (" + id + ", 'e')";
            // From one partition into the other.
            case 15 ->
                "UPDATE events SET id = id % 100000 + " + number + "00000 WHERE id = (SELECT max(id) FROM events WHERE"
                        + " id / 10000000 = " + number + ")";
            default -> transfer();
        };
    }

    /** Two rows exchange values that may be there only once. */
    private String swap() {
        int a = number * 10 + 1 + random.nextInt(4);
        int b = number * 10 + 1 + random.nextInt(4);
        return "UPDATE shops SET place = -" + a + " WHERE place = " + a + "; UPDATE shops SET place = " + a
                + " WHERE place = " + b + "; UPDATE shops SET place = " + b + " WHERE place = -" + a;
    }

    private String transfer() {
        int amount = random.nextInt(50) - 25;
        // Each writer has accounts of its own, so that none waits for the other in the wrong order.
        int from = number * 10 - random.nextInt(10);
        int to = number * 10 - random.nextInt(10);
        return "UPDATE cash SET amount = amount + " + amount + " WHERE id = " + from
                + "; UPDATE debts SET amount = amount - " + amount + " WHERE id = " + to;
    }

    private String shop() {
        return "'" + name + "-" + (1 + random.nextInt(4)) + "'";
    }

    private String someStaff() {
        return "(SELECT id FROM staff WHERE id / 10000000 = " + number + " ORDER BY id % " + (3 + random.nextInt(20))
                + ", id LIMIT 1)";
    }
}
