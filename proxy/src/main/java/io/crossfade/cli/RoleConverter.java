package io.crossfade.cli;

import io.crossfade.settings.OperatorSettings.Role;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a role by its name in the configuration. */
final class RoleConverter implements ITypeConverter<Role> {
    @Override
    public Role convert(String text) {
        return Role.byLabel(text)
                .orElseThrow(() -> new TypeConversionException("'" + text + "' is no role: viewer or operator"));
    }
}
