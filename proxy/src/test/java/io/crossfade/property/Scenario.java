package io.crossfade.property;

import java.util.List;
import java.util.stream.Collectors;

/**
 * A schema, and what happens to it; prints as SQL.
 *
 * @param superuser whether the role that replays on the target may silence triggers
 * @param byCopy whether slices are so small that whatever is more than one key goes by COPY
 */
record Scenario(MadeUpSchema schema, List<Step> steps, boolean superuser, boolean byCopy) {
    @Override
    public String toString() {
        return "\n-- replayed by " + (superuser ? "a superuser" : "the owner of the tables")
                + (byCopy ? ", by COPY" : "") + "\n" + schema + "\n"
                + steps.stream().map(step -> step.describe(schema)).collect(Collectors.joining("\n")) + "\n";
    }
}
