package io.crossfade;

import io.crossfade.admin.ShadowStatus;
import io.crossfade.admin.SideStatus;
import io.crossfade.admin.StatusSource;
import io.crossfade.shadow.Shadowing;
import io.crossfade.shadow.replay.Progress;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How this proxy is, for the admin front door. */
final class Status implements StatusSource {
    private final long started = System.nanoTime();
    private final Sides sides;
    private final Shadowing shadowing;

    Status(Sides sides, Shadowing shadowing) {
        this.sides = sides;
        this.shadowing = shadowing;
    }

    @Override
    public String version() {
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
                .map(group -> status(group.getKey(), group.getValue()))
                .toList();
    }

    private static ShadowStatus status(String group, Progress progress) {
        return new ShadowStatus(
                group,
                progress.leading(),
                progress.lag().toMillis() / 1_000.0,
                progress.entries(),
                progress.catchingUp(),
                progress.deadLetters(),
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
