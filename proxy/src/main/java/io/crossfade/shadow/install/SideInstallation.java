package io.crossfade.shadow.install;

import io.crossfade.migration.Side;
import io.crossfade.settings.SideSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** One database, through a session of its own. */
final class SideInstallation {
    private final Side side;
    private final PgConnection connection;
    private final boolean pooled;
    private final Patience patience;

    private SideInstallation(Side side, PgConnection connection, boolean pooled, Patience patience) {
        this.side = side;
        this.connection = connection;
        this.pooled = pooled;
        this.patience = patience;
    }

    static Future<SideInstallation> open(Vertx vertx, Side side, SideSettings settings, Patience patience) {
        // No other parameters: a pooler refuses a connection that asks for what it does not know.
        PgConnectOptions options = new PgConnectOptions(settings.connection())
                .setProperties(Map.of("application_name", "crossfade", "client_encoding", "UTF8"));
        return PgConnection.connect(vertx, options)
                .compose(connection -> PoolerCheck.isPooled(vertx, options, connection)
                        .map(pooled -> new SideInstallation(side, connection, pooled, patience))
                        .recover(error -> connection.close().transform(closed -> Future.failedFuture(error))))
                .recover(error -> Future.failedFuture(new InstallFailure(
                        "The " + side.label() + " database at " + settings.address() + " cannot be reached: "
                                + error.getMessage(),
                        error)));
    }

    Side side() {
        return side;
    }

    /** Reads what is there, and what is in the way. */
    Future<Inventory> inventory(List<String> schemas, Predicate<String> wanted) {
        return connection
                .query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''")
                .execute()
                .compose(begun -> InventoryReader.read(connection, schemas, wanted))
                .eventually(() -> Sql.run(connection, "ROLLBACK"))
                .map(this::refusePooler);
    }

    Future<Plan> planRemoval(Inventory inventory, Predicate<String> wanted, boolean force) {
        return RemovalPlan.plan(connection, inventory, wanted, force);
    }

    /** Runs a plan in one transaction, as soon as no lock is in the way. */
    Future<Plan> apply(Plan plan, Inventory inventory) {
        if (plan.statements().isEmpty()) {
            return Future.succeededFuture(plan);
        }
        return patience.until(
                        lockTimeout -> Sql.runAll(connection, transaction(plan, lockTimeout)),
                        () -> Sql.run(connection, "ROLLBACK"))
                .recover(error -> explain(error, inventory))
                .map(plan);
    }

    private static List<String> transaction(Plan plan, String lockTimeout) {
        List<String> transaction =
                new ArrayList<>(List.of("BEGIN", lockTimeout, "SET LOCAL client_min_messages = warning"));
        transaction.addAll(plan.statements());
        transaction.add("COMMIT");
        return transaction;
    }

    /** One statement of its own. */
    Future<Void> run(String statement) {
        return Sql.run(connection, statement);
    }

    /** Tells the other side which database this is. */
    Future<Void> introduceTo(SideInstallation other) {
        return connection.query("SELECT " + Identity.SQL).execute().compose(rows -> {
            Identity identity = Identity.of(rows.iterator().next(), 0);
            return identity == null
                    ? Future.succeededFuture()
                    : identity.keep(
                            (sql, values) -> other.connection.preparedQuery(sql).execute(values));
        });
    }

    Future<Void> close() {
        return connection.close();
    }

    private Future<Void> explain(Throwable error, Inventory inventory) {
        if (!Patience.isLocked(error)) {
            return Future.failedFuture(
                    new InstallFailure("The " + side.label() + " database refused: " + error.getMessage(), error));
        }
        Long[] tables = inventory.all().stream().map(Table::oid).toArray(Long[]::new);
        return Patience.blockers(connection, tables)
                .compose(blockers -> Future.failedFuture(new InstallFailure(
                        "The tables of the " + side.label()
                                + " database could not be locked, nothing was changed: " + blockers
                                + ". Wait until it has ended, or end it, and try again.",
                        error)));
    }

    private Inventory refusePooler(Inventory inventory) {
        if (!pooled) {
            return inventory;
        }
        return inventory.with(
                List.of(
                        new Refusal(
                                side.label() + ".url",
                                "leads to a transaction pooler, where settings, locks and prepared statements do not last",
                                "Use the address of the database itself, or of its session pooler (with Supabase port 5432, not 6543).")));
    }
}
