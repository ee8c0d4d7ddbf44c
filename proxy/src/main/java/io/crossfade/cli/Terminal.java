package io.crossfade.cli;

import java.io.Console;

/** Whether a person watches the output. */
final class Terminal {
    private Terminal() {}

    /** From JDK 22 on there is always a console, which then knows whether it is a terminal; before, only on a terminal. */
    @SuppressWarnings("SystemConsoleNull")
    static boolean isThere() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
        } catch (NoSuchMethodException before22) {
            return true;
        } catch (ReflectiveOperationException unknown) {
            return false;
        }
    }
}
