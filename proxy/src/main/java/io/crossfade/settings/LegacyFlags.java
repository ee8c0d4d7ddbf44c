package io.crossfade.settings;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Whether everything is to go back to legacy at start. {@code USE_LEGACY_SUPABASE} and {@code USE_REPOSITORY_PATTERN} are the
 * names that applications have for their own switch between the two databases, so that the switch of an emergency needs no new
 * word. They lead back alone: what leads forward are gates.
 */
final class LegacyFlags {
    private static final String LEGACY = "USE_LEGACY_SUPABASE";
    private static final String REPOSITORIES = "USE_REPOSITORY_PATTERN";

    private LegacyFlags() {}

    /** The setting that says so, as {@code NAME=value}; empty where none does. */
    static Optional<String> backToLegacy(Source source) {
        Optional<Boolean> legacy = flag(source, LEGACY);
        Optional<Boolean> repositories = flag(source, REPOSITORIES);
        if (legacy.isPresent() && legacy.equals(repositories)) {
            source.report(
                    Source.variable(LEGACY, ""),
                    "is " + legacy.get() + ", and " + REPOSITORIES + " is " + repositories.get()
                            + ": they contradict each other; set one of them");
        }
        if (legacy.orElse(false)) {
            return Optional.of(LEGACY + "=true");
        }
        return repositories.orElse(true) ? Optional.empty() : Optional.of(REPOSITORIES + "=false");
    }

    private static Optional<Boolean> flag(Source source, String name) {
        String text = Optional.ofNullable(source.environment().get(name)).orElse("").strip().toLowerCase(Locale.ROOT);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Boolean> said = Optional.ofNullable(Map.of("true", true, "false", false).get(text));
        if (said.isEmpty()) {
            source.report(Source.variable(name, ""), "is true or false");
        }
        return said;
    }
}
