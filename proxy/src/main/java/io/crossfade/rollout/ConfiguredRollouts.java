package io.crossfade.rollout;

import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.routing.RepositoryRollout;
import io.crossfade.routing.RouteTable;
import io.crossfade.settings.PinSettings;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The first route table: what the operator configured, held against the same rules as every later change. */
final class ConfiguredRollouts {
    private static final long FIRST_EPOCH = 1;

    private ConfiguredRollouts() {}

    static RouteTable table(Settings settings, StageRules rules) {
        Map<String, RepositoryRollout> repositories = new TreeMap<>();
        settings.repositories().forEach((name, configured) -> repositories.put(name, rollout(name, configured)));
        List<String> problems = problems(repositories, rules);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", problems));
        }
        RepositoryRollout others = rollout("", RepositorySettings.DEFAULTS);
        Map<String, String> functions = new HashMap<>();
        settings.repositories()
                .forEach((name, configured) ->
                        configured.functions().forEach(function -> functions.put(function, name)));
        return new RouteTable(FIRST_EPOCH, repositories, others, functions, pins(settings.pins()));
    }

    private static RepositoryRollout rollout(String name, RepositorySettings configured) {
        return new RepositoryRollout(
                configured.group() != null ? configured.group() : name,
                configured.stickyBy(),
                configured.stage(),
                configured.rollout(),
                configured.rolloutByOperation(),
                configured.freshness());
    }

    private static List<String> problems(Map<String, RepositoryRollout> repositories, StageRules rules) {
        List<String> problems = new ArrayList<>();
        Map<String, Named> firstOfGroup = new HashMap<>();
        repositories.forEach((name, rollout) -> {
            rules.refusalToBegin(rollout.stage())
                    .ifPresent(reason -> problems.add("repository '" + name + "': " + reason));
            rollout.freshness()
                    .refusal(rollout.stage())
                    .ifPresent(reason -> problems.add("repository '" + name + "': " + reason));
            boolean shares =
                    rollout.rollout() > 0 || !rollout.rolloutByOperation().isEmpty();
            if (shares && rollout.stage() != Stage.ROLLOUT) {
                problems.add("repository '" + name + "': a rollout can be given in stage 'rollout' only, and it is in '"
                        + rollout.stage().label() + "'");
            }
            Named first = firstOfGroup.putIfAbsent(rollout.group(), new Named(name, rollout));
            if (first != null && !standAlike(first.rollout(), rollout)) {
                problems.add("repository '" + name + "': is in group '" + rollout.group()
                        + "', so it must have the stage, rollout and freshness of '" + first.name() + "'");
            }
        });
        return problems;
    }

    private static boolean standAlike(RepositoryRollout one, RepositoryRollout other) {
        return one.stage() == other.stage()
                && one.rollout() == other.rollout()
                && one.freshness().equals(other.freshness())
                && one.rolloutByOperation().equals(other.rolloutByOperation());
    }

    private static Map<String, Side> pins(List<PinSettings> configured) {
        Map<String, Side> pins = new HashMap<>();
        configured.forEach(pin -> pins.put(pin.key(), pin.side()));
        return pins;
    }

    private record Named(String name, RepositoryRollout rollout) {}
}
