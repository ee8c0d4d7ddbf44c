package io.crossfade.settings;

/**
 * A configuration that passed every check.
 *
 * @param adminTokenMadeUp whether the admin token was made up for this start: it must then be shown to the operator, who
 *     has no other way to know it
 */
public record LoadedSettings(Settings settings, boolean adminTokenMadeUp) {}
