package io.crossfade.mismatch;

/** Texts that are not ours, made such that a database takes them and a line holds them. */
final class Text {
    private Text() {}

    /** The beginning of the text; what a database would refuse or a terminal would obey becomes a question mark. */
    static String printable(String text, int longest) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(longest)
                .map(point -> isPrintable(point) ? point : '?')
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }

    private static boolean isPrintable(int point) {
        return !Character.isISOControl(point) && Character.getType(point) != Character.SURROGATE;
    }
}
