package io.crossfade.shadow.replay;

/**
 * A column that both sides have.
 *
 * @param name its name
 * @param from how the authority has it
 * @param to how the shadow has it
 */
record Pair(String name, Type from, Type to, boolean nullable, boolean identityAlways) {
    boolean sameType() {
        return from.equals(to);
    }

    /**
     * A type.
     *
     * @param base the name to cast to, without length or precision: a cast with them would cut silently
     * @param modifier {@code atttypmod}
     * @param category {@code typcategory}: N for numbers, S for strings, D for dates and times
     */
    record Type(String base, int modifier, String category) {
        boolean is(String wanted) {
            return category.equals(wanted);
        }
    }
}
