package io.crossfade.shadow.replay;

/** SQL for whether a column of the shadow holds what the authority holds, although the types may differ. */
final class Equality {
    private Equality() {}

    /**
     * A condition that never fails to be computed.
     *
     * @param present the shadow's column
     * @param incoming the authority's value as text
     */
    static String of(Pair pair, String present, String incoming) {
        return "(" + left(pair, present) + " IS NOT DISTINCT FROM " + right(pair, incoming) + ")";
    }

    private static String left(Pair pair, String present) {
        Pair.Type from = pair.from();
        Pair.Type to = pair.to();
        if (pair.sameType() || (from.is("S") && to.is("S") && from.modifier() < 0)) {
            return present + "::text";
        }
        if (from.is("N") && to.is("N")) {
            return number(from, present);
        }
        if (from.is("S") && to.is("S")) {
            return "left(" + present + "::text, " + (from.modifier() - 4) + ")";
        }
        if (from.is("D") && to.is("D")) {
            return present + "::" + from.base() + "::text";
        }
        if (from.base().equals("jsonb") && to.base().equals("json")) {
            return present + "::text::jsonb::text";
        }
        return present + "::text";
    }

    private static String right(Pair pair, String incoming) {
        Pair.Type from = pair.from();
        Pair.Type to = pair.to();
        if (pair.sameType() || sameFamily(from, to)) {
            return from.is("N") && to.is("N") && !pair.sameType() ? incoming + "::" + precise(from) : incoming;
        }
        if (from.base().equals("jsonb") && to.base().equals("json")) {
            return incoming;
        }
        // No way back that cannot fail: what the shadow makes of the value has to do.
        return incoming + "::" + to.base() + "::text";
    }

    private static boolean sameFamily(Pair.Type from, Pair.Type to) {
        return from.category().equals(to.category()) && (from.is("S") || from.is("D") || from.is("N"));
    }

    /** As the authority would hold it, in a type in which nothing is out of range. */
    private static String number(Pair.Type from, String present) {
        if (precise(from).equals("double precision")) {
            return present + "::double precision";
        }
        if (from.base().equals("numeric")) {
            return from.modifier() < 0
                    ? present + "::numeric"
                    : "round(" + present + "::numeric, " + ((from.modifier() - 4) & 0x7ff) + ")";
        }
        return "round(" + present + "::numeric)";
    }

    private static String precise(Pair.Type from) {
        return from.base().equals("real") || from.base().equals("double precision") ? "double precision" : "numeric";
    }
}
