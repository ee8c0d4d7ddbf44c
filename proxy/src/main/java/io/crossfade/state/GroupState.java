package io.crossfade.state;

import io.crossfade.call.Operation;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where one group stands, as a row of {@code crossfade.state} says it.
 *
 * @param epoch grows with every change; of two rows that differ, the one with the higher epoch holds
 * @param movingTo the side that is to become the authority, while nobody takes writes; null otherwise
 * @param changedBy the operator, or {@code crossfade} where a rule of its own made the change
 * @param changedAt by the clock of the side that the change was made on; null in a state that is not stored yet
 */
public record GroupState(
        String group,
        long epoch,
        Stage stage,
        @Nullable Side movingTo,
        double rollout,
        Map<Operation, Double> rolloutByOperation,
        String changedBy,
        String reason,
        @Nullable OffsetDateTime changedAt) {
    private static final long FORCED = 1_000;

    public GroupState {
        rolloutByOperation = Map.copyOf(rolloutByOperation);
        if (movingTo == stage.authority()) {
            throw new IllegalArgumentException("an authority cannot move to where it is");
        }
    }

    /** The first state of a group. */
    public static GroupState first(
            String group, Stage stage, double rollout, Map<Operation, Double> rolloutByOperation, String changedBy) {
        return new GroupState(group, 1, stage, null, rollout, rolloutByOperation, changedBy, "as configured", null);
    }

    /** The side that takes the writes; while the authority is moving, the one that took them last. */
    public Side authority() {
        return stage.authority();
    }

    /** Whether the authority is on its way, so that nobody takes writes. */
    public boolean isMoving() {
        return movingTo != null;
    }

    /** Whether the database of that side has to refuse the application's writes. */
    public boolean fences(Side side) {
        return isMoving() || (side != authority() && stage != Stage.OFF);
    }

    /** The next state, with another stage and share. */
    public GroupState changedTo(Stage next, double share, Map<Operation, Double> shares, String operator, String why) {
        return new GroupState(group, epoch + 1, next, null, share, shares, operator, why, null);
    }

    /** The next state, in which the authority is on its way to the other side. */
    public GroupState leaving(String operator, String why) {
        return new GroupState(
                group, epoch + 1, stage, authority().other(), rollout, rolloutByOperation, operator, why, null);
    }

    /** The state after one that was on its way, in which the authority stays where it was after all. */
    public GroupState staying(String operator, String why) {
        return new GroupState(group, epoch + 1, stage, null, rollout, rolloutByOperation, operator, why, null);
    }

    /**
     * The state after this one and after whatever the side may have decided that cannot be asked, in which the other one takes
     * the writes: so far above that no ordinary change of either side comes near.
     *
     * @param known the highest epoch that is known of either side
     */
    public GroupState forced(Side to, long known, String operator, String why) {
        Stage next = to == Side.LEGACY ? Stage.SHADOW : Stage.LIVE;
        return new GroupState(
                group, Math.max(epoch, known) + FORCED, next, null, 0, Map.of(), operator, "forced: " + why, null);
    }

    /** The same, as it was stored at that moment. */
    GroupState changedAt(OffsetDateTime moment) {
        return new GroupState(group, epoch, stage, movingTo, rollout, rolloutByOperation, changedBy, reason, moment);
    }

    /** The same, with another epoch. */
    public GroupState at(long other) {
        return new GroupState(group, other, stage, movingTo, rollout, rolloutByOperation, changedBy, reason, changedAt);
    }
}
