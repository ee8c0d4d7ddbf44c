package io.crossfade.property;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A schema, what happens to it, and whether the role that replays on the target may silence triggers; prints as SQL.
 */
record Scenario(MadeUpSchema schema, List<Step> steps, boolean superuser) {
    @Override
    public String toString() {
        return "\n-- replayed by " + (superuser ? "a superuser" : "the owner of the tables") + "\n" + schema + "\n"
                + steps.stream().map(step -> step.describe(schema)).collect(Collectors.joining("\n")) + "\n";
    }
}
