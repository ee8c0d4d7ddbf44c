package io.crossfade.observation;

import io.crossfade.call.CallFailure;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The label {@code outcome}: how a call ended, in few enough values that a function which raises codes of its own cannot
 * fill the memory with meters.
 */
public final class OutcomeLabel {
    private static final Set<String> OURS = Arrays.stream(CallFailure.Code.values())
            .map(Enum::name)
            .filter(name -> name.startsWith("CF"))
            .collect(Collectors.toUnmodifiableSet());

    private OutcomeLabel() {}

    /** {@code ok}, one of our codes, {@code PGRST} for those of PostgREST, or the class of an SQLSTATE. */
    public static String of(@Nullable String code) {
        if (code == null) {
            return "ok";
        }
        if (OURS.contains(code)) {
            return code;
        }
        if (code.startsWith("PGRST")) {
            return "PGRST";
        }
        return code.length() == 5 ? "sqlstate-" + code.substring(0, 2) : "other";
    }
}
