package io.crossfade.rollout;

import io.crossfade.gates.Gate;
import io.crossfade.migration.Stage;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Whether the gates let a change through.
 *
 * @param refusal why they do not, with all that is not green; empty where they do
 * @param reason what is kept as the reason of the change: with the names of the gates that were overridden
 */
public record Passage(String refusal, String reason) {
    /** Past no gate. */
    static Passage free(By by) {
        return new Passage("", by.reason());
    }

    /** Past these gates; only who overrides gets past one that is not green. */
    public static Passage through(List<Gate> gates, Stage next, By by) {
        List<Gate> shut = gates.stream().filter(gate -> !gate.isOpen()).toList();
        if (shut.isEmpty()) {
            return free(by);
        }
        if (by.overrides()) {
            return new Passage(
                    "",
                    by.reason() + " [overrode: " + shut.stream().map(Gate::name).collect(Collectors.joining(", "))
                            + "]");
        }
        return new Passage(
                "the gates towards stage '" + next.label() + "' are not green. "
                        + shut.stream()
                                .map(gate -> gate.name() + ": " + gate.reason())
                                .collect(Collectors.joining(". "))
                        + ". Mend that, or override it with a reason",
                by.reason());
    }

    /** Whether the change is refused. */
    public boolean isRefused() {
        return !refusal.isEmpty();
    }
}
