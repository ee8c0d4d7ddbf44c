package io.crossfade.rollout;

import io.crossfade.migration.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which stages a repository may be in, given what this version can do: it shadows writes, but can neither prove that both
 * sides hold the same rows nor move the writes to the target.
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
        return switch (stage) {
            case OFF, DUAL_WRITE, SHADOW -> Optional.empty();
            case ROLLOUT ->
                bothSidesEqual
                        ? Optional.empty()
                        : Optional.of(
                                name + " needs proof that both databases hold the same rows, which this version cannot"
                                        + " give yet");
            case LIVE, COMPLETE ->
                Optional.of(name + " moves the writes to the target, which this version cannot do yet");
        };
    }
}
