package io.crossfade.shadow.install;

import io.crossfade.sides.Identifiers;

/** Gives back what was changed of the application's own objects. */
final class Undo {
    private Undo() {}

    /** The statement, or nothing where what it is about was dropped since. */
    static String where(String statement) {
        return "DO"
                + Identifiers.literal(
                        "BEGIN " + statement + "; EXCEPTION WHEN undefined_object OR undefined_table THEN NULL; END");
    }
}
