package io.crossfade;

import io.crossfade.admin.AtRiskStatus;
import io.crossfade.admin.CaptureStatus;
import io.crossfade.admin.JournalStatus;
import io.crossfade.admin.ShadowStatus;
import io.crossfade.admin.SideStatus;
import io.crossfade.admin.StatusSource;
import io.crossfade.cutover.AtRisk;
import io.crossfade.cutover.AtRisk.Risk;
import io.crossfade.instance.Instance;
import io.crossfade.migration.Side;
import io.crossfade.shadow.Shadowing;
import io.crossfade.shadow.replay.Progress;
import io.crossfade.shadow.watch.GroupHealth;
import io.crossfade.shadow.watch.Watchdog;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.crossfade.state.BothRows;
import io.crossfade.state.GroupStates;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How this proxy is, for the admin front door. */
final class Status implements StatusSource {
    private final long started = System.nanoTime();
    private final Sides sides;
    private final Shadowing shadowing;
    private final long alarmSize;
    private final Supplier<List<Instance>> instances;
    private final GroupStates states;
    private final AtRisk atRisk;

    Status(
            Sides sides,
            Shadowing shadowing,
            long alarmSize,
            Supplier<List<Instance>> instances,
            GroupStates states,
            AtRisk atRisk) {
        this.states = states;
        this.atRisk = atRisk;
        this.alarmSize = alarmSize;
        this.instances = instances;
        this.sides = sides;
        this.shadowing = shadowing;
    }

    @Override
    public String version() {
        return versionOfThis();
    }

    static String versionOfThis() {
        String version = Crossfade.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    @Override
    public Duration uptime() {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    @Override
    public List<SideStatus> sides() {
        return sides.all().stream().map(this::status).toList();
    }

    @Override
    public List<ShadowStatus> shadow() {
        return shadowing.progress().entrySet().stream()
                .flatMap(group -> status(group.getKey(), group.getValue()).stream())
                .toList();
    }

    @Override
    public List<CaptureStatus> capture() {
        Watchdog dog = shadowing.watchdog();
        return dog == null
                ? List.of()
                : dog.health().values().stream()
                        .sorted(Comparator.comparing(GroupHealth::group))
                        .map(Status::status)
                        .toList();
    }

    @Override
    public List<AtRiskStatus> atRisk() {
        return states.current().values().stream()
                .filter(rows -> rows.holding().authority() == Side.TARGET
                        && rows.holding().stage().needsShadow())
                .map(BothRows::group)
                .sorted()
                .map(group -> status(group, atRisk.of(group)))
                .toList();
    }

    @Override
    public List<Instance> instances() {
        return instances.get();
    }

    @Override
    public List<JournalStatus> journals() {
        Watchdog dog = shadowing.watchdog();
        return dog == null
                ? List.of()
                : dog.journalBytes().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(side -> new JournalStatus(side.getKey(), side.getValue(), side.getValue() >= alarmSize))
                        .toList();
    }

    private static AtRiskStatus status(String group, Risk risk) {
        return new AtRiskStatus(
                group,
                risk.backlog(),
                risk.deadLetters(),
                risk.unacknowledged(),
                risk.sinceLook(),
                risk.lookedSecondsAgo());
    }

    private static CaptureStatus status(GroupHealth group) {
        OffsetDateTime seenAt = group.bypassSeenAt();
        return new CaptureStatus(
                group.group(),
                group.authority(),
                group.generation(),
                group.red(),
                group.entries(),
                group.bypassEntries(),
                seenAt == null ? null : seenAt.toString());
    }

    /** Empty where it is not replayed any more. */
    private Optional<ShadowStatus> status(String group, Progress progress) {
        Side from = shadowing.authority(group);
        return from == null ? Optional.empty() : Optional.of(status(group, from, progress));
    }

    private ShadowStatus status(String group, Side from, Progress progress) {
        return new ShadowStatus(
                group,
                from,
                progress.leading(),
                progress.lag().toMillis() / 1_000.0,
                progress.entries(),
                progress.catchingUp(),
                progress.deadLetters(),
                atRisk.of(group).rows(),
                progress.problem());
    }

    private SideStatus status(Database database) {
        @Nullable String problem = sides.problem(database.side());
        return new SideStatus(
                database.side(),
                database.settings().address(),
                problem == null,
                problem,
                database.settings().poolSize());
    }
}
