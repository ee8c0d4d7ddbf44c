package io.crossfade.rollout;

import io.crossfade.migration.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which stages a repository may be in, given what this version can do. It has no shadow writes yet, so that a stage that
 * relies on equal sides is open only where something outside of Crossfade keeps them equal, and the writes stay on legacy.
 */
final class StageRules {
    private final boolean targetConfigured;
    private final boolean bothSidesEqual;

    StageRules(boolean targetConfigured, boolean bothSidesEqual) {
        this.targetConfigured = targetConfigured;
        this.bothSidesEqual = bothSidesEqual;
    }

    /** The stages that are open, first to last. */
    List<Stage> accepted() {
        return Arrays.stream(Stage.values())
                .filter(stage -> refusal(stage).isEmpty())
                .toList();
    }

    /** Why the stage is not open; empty where it is. */
    Optional<String> refusal(Stage stage) {
        if (stage == Stage.OFF) {
            return Optional.empty();
        }
        String name = "stage '" + stage.label() + "'";
        if (!targetConfigured) {
            return Optional.of(name + " needs a second database, and no target is configured");
        }
        if (!bothSidesEqual) {
            return Optional.of(name + " needs shadow writes, which this version does not have yet");
        }
        return switch (stage) {
            case OFF, SHADOW, ROLLOUT -> Optional.empty();
            case DUAL_WRITE ->
                Optional.of(name + " needs shadow writes, which this version does not have yet;"
                        + " the sides are kept equal from outside, so 'shadow' is open");
            case LIVE, COMPLETE ->
                Optional.of(name + " moves the writes to the target, which this version cannot do yet");
        };
    }
}
