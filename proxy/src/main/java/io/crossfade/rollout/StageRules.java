package io.crossfade.rollout;

import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The stage machine: forward one stage at a time, backward any number at once. Whatever moves the writes from one side to
 * the other is no change of a stage but a cutover or a rollback.
 */
final class StageRules {
    private final boolean targetConfigured;
    private final boolean bothSidesEqual;

    StageRules(boolean targetConfigured, boolean bothSidesEqual) {
        this.targetConfigured = targetConfigured;
        this.bothSidesEqual = bothSidesEqual;
    }

    /** The stages that a group may be in after one change, first to last, itself among them. */
    List<Stage> reachableFrom(Stage from) {
        return Arrays.stream(Stage.values())
                .filter(stage -> refusal(from, stage).isEmpty())
                .toList();
    }

    /** Why a group cannot change from one stage to another; empty where it can. */
    Optional<String> refusal(Stage from, Stage to) {
        return needsTarget(to).or(() -> {
            if (from.authority() != to.authority()) {
                return Optional.of(otherAuthority(from, to));
            }
            boolean near = to.compareTo(from) <= 0 || after(from).equals(Optional.of(to));
            return near ? Optional.empty() : Optional.of(tooFar(from, to));
        });
    }

    /** Why a group cannot begin in a stage; empty where it can. */
    Optional<String> refusalToBegin(Stage stage) {
        return needsTarget(stage).or(() -> switch (stage) {
            case OFF, DUAL_WRITE, SHADOW -> Optional.empty();
            case ROLLOUT ->
                bothSidesEqual
                        ? Optional.empty()
                        : Optional.of("stage 'rollout' needs proof that both databases hold the same rows; begin in"
                                + " 'shadow', and move it from there with './crossfade rollout'");
            case LIVE, COMPLETE ->
                Optional.of("stage '" + stage.label() + "' has its writes on the target, and only './crossfade cutover'"
                        + " moves them there; begin in 'shadow'");
        });
    }

    /** The stage after this one, where there is one. */
    static Optional<Stage> after(Stage stage) {
        return Arrays.stream(Stage.values())
                .filter(other -> other.compareTo(stage) > 0)
                .findFirst();
    }

    private Optional<String> needsTarget(Stage stage) {
        return stage == Stage.OFF || targetConfigured
                ? Optional.empty()
                : Optional.of("stage '" + stage.label() + "' needs a second database, and no target is configured");
    }

    private static String otherAuthority(Stage from, Stage to) {
        if (to.authority() == Side.LEGACY) {
            return "stage '" + to.label()
                    + "' has its writes on legacy, and they are on the target: './crossfade rollback'"
                    + " moves them back, and then the stage can be changed";
        }
        return from == Stage.ROLLOUT && to == Stage.LIVE
                ? "stage 'live' has its writes on the target, and they are on legacy: './crossfade cutover' moves them"
                : tooFar(from, to) + ", and only './crossfade cutover' leads to 'live'";
    }

    private static String tooFar(Stage from, Stage to) {
        return "stage '" + to.label() + "' cannot be reached from '" + from.label()
                + "' at once: a group goes forward one stage at a time, next to '"
                + after(from).orElse(from).label() + "'";
    }
}
