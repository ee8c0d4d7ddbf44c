package io.crossfade.cli;

import java.util.Objects;
import picocli.CommandLine.IVersionProvider;

/** Which build this is. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        return new String[] {"crossfade " + number() + " (Java " + Runtime.version() + ")"};
    }

    /** From the manifest of the jar; classes that run from a build directory have none. */
    static String number() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "development");
    }
}
