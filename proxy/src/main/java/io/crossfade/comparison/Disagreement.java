package io.crossfade.comparison;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.comparison.answers.Verdict;

/** The sides are confirmed to differ, and answers are to fail then. */
final class Disagreement extends RuntimeException {
    private final CallFailure failure;

    Disagreement(String repository, Verdict verdict) {
        super("the sides differ", null, false, false);
        String columns = verdict.columns().isEmpty() ? "" : "; columns: " + String.join(", ", verdict.columns());
        this.failure = new CallFailure(
                Code.CF502,
                "The two databases answer this read of '" + repository + "' differently.",
                "kinds: " + String.join(", ", verdict.kinds()) + columns,
                "Find out which side is wrong; without 'comparison.fail' the answer would be the one of the side that answers.");
    }

    CallFailure failure() {
        return failure;
    }
}
