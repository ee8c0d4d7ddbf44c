package io.crossfade.shadow.install;

import io.crossfade.migration.Side;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts into both databases what makes sure that no change is lost, and takes it out again without a trace.
 *
 * <p>Each side is changed in one transaction, or not at all. It needs the rights of the tables' owner and no superuser,
 * and waits for locks only for moments, so that the application never waits long for it. What is there already is left
 * as it is, so that installing twice is harmless.
 *
 * <p>Threads: any; one call at a time.
 */
public final class Installation {
    private final Settings settings;
    private final Set<String> repositories;
    private final List<SideInstallation> sides = new ArrayList<>();

    private Installation(Settings settings, Set<String> repositories) {
        this.settings = settings;
        this.repositories = repositories;
    }

    /**
     * Connects to the configured databases.
     *
     * @param repositories API names; none for every table of the exposed schemas
     * @return fails with an {@link InstallFailure} where one does not answer
     */
    public static Future<Installation> open(Vertx vertx, Settings settings, Collection<String> repositories) {
        return open(vertx, settings, repositories, new Patience(vertx));
    }

    static Future<Installation> open(
            Vertx vertx, Settings settings, Collection<String> repositories, Patience patience) {
        Installation installation = new Installation(settings, new TreeSet<>(repositories));
        return installation
                .connect(vertx, Side.LEGACY, settings.legacy(), patience)
                .compose(connected -> settings.target() == null
                        ? Future.succeededFuture()
                        : installation.connect(vertx, Side.TARGET, settings.target(), patience))
                .map(installation)
                .recover(error -> installation.close().transform(closed -> Future.failedFuture(error)));
    }

    /** What {@link #apply} would do on each side. */
    public Future<Map<Side, Plan>> plan() {
        return inventories().map(this::plans);
    }

    /** Installs on each side; nothing where anything is refused on any. */
    public Future<Map<Side, Plan>> apply() {
        return inventories().compose(inventories -> {
            Map<Side, Plan> plans = plans(inventories);
            return isRefused(plans)
                    ? Future.succeededFuture(plans)
                    : mark(inventories)
                            .compose(marked -> run(plans, inventories))
                            .compose(done -> introduce(inventories).map(done));
        });
    }

    /** What {@link #remove} would do on each side. */
    public Future<Map<Side, Plan>> planRemoval(boolean force) {
        return inventories().compose(inventories -> removals(inventories, force));
    }

    /**
     * Takes it out of each side; refused while a group stands between {@code off} and {@code complete}.
     *
     * @param force do it all the same: what is not replayed is lost, and nothing keeps writers off the shadow any more
     */
    public Future<Map<Side, Plan>> remove(boolean force) {
        return inventories()
                .compose(inventories -> removals(inventories, force).compose(plans -> run(plans, inventories)));
    }

    /** Ends the sessions. */
    public Future<Void> close() {
        return Future.join(sides.stream().map(SideInstallation::close).toList()).mapEmpty();
    }

    private Future<Void> connect(Vertx vertx, Side side, SideSettings at, Patience patience) {
        return SideInstallation.open(vertx, side, at, patience)
                .onSuccess(sides::add)
                .mapEmpty();
    }

    private boolean isWanted(String repository) {
        return repositories.isEmpty() || repositories.contains(repository);
    }

    private Future<Map<Side, Inventory>> inventories() {
        Map<Side, Inventory> inventories = new EnumMap<>(Side.class);
        Future<Void> read = Future.succeededFuture();
        for (SideInstallation side : sides) {
            read = read.compose(before -> side.inventory(settings.rest().schemas(), this::isWanted))
                    .onSuccess(inventory -> inventories.put(side.side(), inventory))
                    .mapEmpty();
        }
        return read.map(inventories);
    }

    private Map<Side, Plan> plans(Map<Side, Inventory> inventories) {
        Map<String, String> configured = new HashMap<>();
        settings.repositories().forEach((name, repository) -> configure(configured, name, repository));
        Groups groups = new Groups(inventories.values(), configured);
        Set<String> broken = broken(inventories);
        Map<Side, Plan> plans = new EnumMap<>(Side.class);
        inventories.forEach((side, inventory) -> {
            Inventory checked = refuseKeys(side, refuseMissing(inventory), inventories);
            plans.put(side, new InstallPlan(checked, groups, at(side, broken, inventories)).plan());
        });
        return plans;
    }

    /** Those of the repositories whose authority is that side: the target where it says so itself, else legacy. */
    private static Set<String> at(Side side, Set<String> repositories, Map<Side, Inventory> inventories) {
        Inventory target = inventories.get(Side.TARGET);
        Set<String> there = new TreeSet<>();
        if (target != null) {
            target.all().stream()
                    .filter(table -> target.isAuthority(Side.TARGET, table.group()))
                    .map(Table::repository)
                    .filter(repositories::contains)
                    .forEach(there::add);
        }
        Set<String> its = new TreeSet<>(repositories);
        if (side == Side.LEGACY) {
            its.removeAll(there);
        } else {
            its.retainAll(there);
        }
        return its;
    }

    /** Tables that had a gap in capture or changed on either side: a shadow that changed lacks what was replayed before. */
    private static Set<String> broken(Map<Side, Inventory> inventories) {
        Set<String> broken = new TreeSet<>();
        inventories.forEach((side, inventory) -> {
            boolean replaced = inventory.replaced(inventories.get(side.other()));
            inventory.tables().stream()
                    .filter(table -> table.broken() || (replaced && table.id() != 0))
                    .map(Table::repository)
                    .forEach(broken::add);
        });
        return broken;
    }

    /** Replay names a row by the key of the side that it comes from: the other one has to find it by that. */
    private static Inventory refuseKeys(Side side, Inventory inventory, Map<Side, Inventory> inventories) {
        Inventory other = inventories.get(side.other());
        return other == null || side == Side.LEGACY
                ? inventory
                : inventory.with(KeyRefusals.between(other.tables(), inventory.tables()));
    }

    private static void configure(Map<String, String> groups, String name, RepositorySettings repository) {
        if (repository.group() != null) {
            groups.put(name, repository.group());
        }
    }

    private Inventory refuseMissing(Inventory inventory) {
        List<Refusal> refusals = new ArrayList<>();
        for (String repository : repositories) {
            if (inventory.all().stream().noneMatch(table -> table.repository().equals(repository))) {
                refusals.add(new Refusal(
                        repository,
                        "there is no such table in the schemas "
                                + String.join(", ", settings.rest().schemas()),
                        "Check the name, or create the table first."));
            }
        }
        return inventory.with(refusals);
    }

    private Future<Map<Side, Plan>> removals(Map<Side, Inventory> inventories, boolean force) {
        Map<Side, Plan> plans = new EnumMap<>(Side.class);
        Future<Void> planned = Future.succeededFuture();
        for (SideInstallation side : sides) {
            planned = planned.compose(before -> side.planRemoval(inventory(inventories, side), this::isWanted, force))
                    .onSuccess(plan -> plans.put(side.side(), plan))
                    .mapEmpty();
        }
        return planned.map(plans);
    }

    private Future<Map<Side, Plan>> run(Map<Side, Plan> plans, Map<Side, Inventory> inventories) {
        if (isRefused(plans)) {
            return Future.succeededFuture(plans);
        }
        Future<Void> done = Future.succeededFuture();
        // The authority last: it says that capture is whole, which must not be said before the shadow is ready.
        // Where what is mended has two authorities, legacy is: at worst a proxy asks for one more installation.
        Set<String> broken = broken(inventories);
        Side last = broken.isEmpty() || !at(Side.LEGACY, broken, inventories).isEmpty() ? Side.LEGACY : Side.TARGET;
        for (SideInstallation side : sides.stream()
                .sorted(Comparator.comparing((SideInstallation each) -> each.side() == last))
                .toList()) {
            Plan plan = Objects.requireNonNull(plans.get(side.side()));
            done = done.compose(before -> side.apply(plan, inventory(inventories, side)))
                    .mapEmpty();
        }
        return done.map(plans);
    }

    private static boolean isRefused(Map<Side, Plan> plans) {
        return plans.values().stream().anyMatch(plan -> !plan.refusals().isEmpty());
    }

    /** Putting the shadow's part back hides that it had changed: so that is written down before, on the authority. */
    private Future<Void> mark(Map<Side, Inventory> inventories) {
        Set<String> broken = broken(inventories);
        Future<Void> marked = Future.succeededFuture();
        for (SideInstallation side : sides) {
            Set<String> its = at(side.side(), broken, inventories);
            if (!its.isEmpty() && inventory(inventories, side).installed()) {
                marked = marked.compose(before -> side.run(CaptureRecord.mark(its)));
            }
        }
        return marked;
    }

    /** Each side gets to know the other; only now, because a side that was replaced is to be noticed until it is mended. */
    private Future<Void> introduce(Map<Side, Inventory> inventories) {
        boolean replaced = inventories.entrySet().stream()
                .anyMatch(each ->
                        each.getValue().replaced(inventories.get(each.getKey().other())));
        if (sides.size() < 2 || (replaced && !repositories.isEmpty())) {
            return Future.succeededFuture();
        }
        return sides.get(0)
                .introduceTo(sides.get(1))
                .compose(introduced -> sides.get(1).introduceTo(sides.get(0)));
    }

    private static Inventory inventory(Map<Side, Inventory> inventories, SideInstallation side) {
        return Objects.requireNonNull(inventories.get(side.side()));
    }
}
