package io.crossfade.settings;

import io.crossfade.call.Operation;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads where the repositories start, and refuses stages that could not keep their promise. */
final class RepositoriesReader {
    private final Section section;
    private final boolean hasTarget;
    private final boolean bothSidesEqual;
    private final Map<String, GroupMember> firstOfGroup = new HashMap<>();
    private final Map<String, RepositorySettings> repositories = new LinkedHashMap<>();
    private final Map<String, String> repositoryOf = new HashMap<>();
    private final Map<String, Boolean> revealed = new HashMap<>();

    RepositoriesReader(Section section, boolean hasTarget, boolean bothSidesEqual) {
        this.section = section;
        this.hasTarget = hasTarget;
        this.bothSidesEqual = bothSidesEqual;
    }

    Map<String, RepositorySettings> read() {
        for (String name : section.names()) {
            Section keys = section.section(name, Keys.REPOSITORY);
            RepositorySettings repository = repository(keys);
            repositories.put(name, repository);
            keys.read("revealValues", Parsers.flag()).ifPresent(reveals -> revealed.put(name, reveals));
            checkStage(keys, repository.stage());
            FreshnessReader.check(keys, repository);
            checkGroup(keys, name, repository);
            checkFunctions(keys, name, repository);
        }
        return repositories;
    }

    /** Which of them say whether samples of their mismatches show values; known once they were read. */
    Map<String, Boolean> revealed() {
        return revealed;
    }

    private static RepositorySettings repository(Section keys) {
        RepositorySettings defaults = RepositorySettings.DEFAULTS;
        double rollout = defaults.rollout();
        Map<Operation, Double> byOperation = new EnumMap<>(Operation.class);
        if (keys.holdsBlock("rollout")) {
            Section shares = keys.section("rollout", Keys.ROLLOUT);
            rollout = shares.read("default", Parsers.share()).orElse(rollout);
            for (Operation operation : Operation.values()) {
                if (operation.isRead()) {
                    shares.read(operation.label(), Parsers.share())
                            .ifPresent(share -> byOperation.put(operation, share));
                }
            }
        } else {
            rollout = keys.read("rollout", Parsers.share()).orElse(rollout);
        }
        return new RepositorySettings(
                keys.read("group", Parsers.text()).orElse(defaults.group()),
                keys.readList("stickyBy", Parsers.text()).orElse(defaults.stickyBy()),
                keys.read("stage", Parsers.stage()).orElse(defaults.stage()),
                rollout,
                byOperation,
                FreshnessReader.read(keys),
                ComparisonReader.ofRepository(keys),
                keys.readList("functions", Parsers.text()).orElse(defaults.functions()));
    }

    private void checkStage(Section keys, Stage stage) {
        if (stage == Stage.OFF) {
            return;
        }
        if (!hasTarget) {
            keys.report(
                    "stage",
                    "stage '" + stage.label() + "' needs a target; set target.url or CROSSFADE_TARGET_URL, or use '"
                            + Stage.OFF.label() + "'");
        } else if (stage.authority() == Side.TARGET) {
            keys.report(
                    "stage",
                    "stage '" + stage.label()
                            + "' has its writes on the target, and only './crossfade cutover' moves them there; use '"
                            + Stage.SHADOW.label() + "'");
        } else if (stage == Stage.ROLLOUT && !bothSidesEqual) {
            keys.report(
                    "stage",
                    "stage 'rollout' needs proof that both databases hold the same rows; use '" + Stage.SHADOW.label()
                            + "', and move it from there with './crossfade rollout'");
        }
    }

    private void checkGroup(Section keys, String name, RepositorySettings repository) {
        if (repository.group() == null) {
            return;
        }
        GroupMember first = firstOfGroup.putIfAbsent(repository.group(), new GroupMember(name, repository));
        if (first == null) {
            return;
        }
        if (first.repository().stage() != repository.stage()) {
            keys.report(
                    "stage",
                    "differs from that of '" + first.name() + "', which is in the same group '" + repository.group()
                            + "'; a group moves together, so give both the same stage");
        }
        if (!first.repository().freshness().equals(repository.freshness())) {
            keys.report(
                    FreshnessReader.difference(first.repository().freshness(), repository.freshness()),
                    "differs from that of '" + first.name() + "', which is in the same group '" + repository.group()
                            + "'; one write can touch all tables of a group, so give both the same");
        }
    }

    /** Where it is asked has to be one place. */
    private void checkFunctions(Section keys, String name, RepositorySettings repository) {
        for (String function : repository.functions()) {
            String first = repositoryOf.putIfAbsent(function, name);
            if (first != null) {
                keys.report(
                        "functions",
                        "names '" + function + "', which '" + first
                                + "' names already; name it once, and give the tables" + " that it uses one group");
            }
        }
    }

    private record GroupMember(String name, RepositorySettings repository) {}
}
