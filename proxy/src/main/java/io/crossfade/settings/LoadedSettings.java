package io.crossfade.settings;

import java.util.Optional;

/**
 * A configuration that passed every check.
 *
 * @param adminTokenMadeUp whether the admin token was made up for this start: it must then be shown to the operator, who
 *     has no other way to know it
 * @param backToLegacy the setting of the environment that wants everything back on legacy at start; empty where none does
 */
public record LoadedSettings(Settings settings, boolean adminTokenMadeUp, Optional<String> backToLegacy) {}
