package io.crossfade.admin;

import io.crossfade.admin.Problem.Kind;
import io.crossfade.settings.OperatorSettings.Role;
import io.vertx.ext.web.RoutingContext;

/** Somebody who was let in. */
record Operator(String name, Role role) {
    private static final String KEY = "operator";

    /** Who asks; to be called behind {@link Authentication} alone. */
    static Operator of(RoutingContext context) {
        Operator operator = context.get(KEY);
        if (operator == null) {
            throw new IllegalStateException("nobody was let in");
        }
        return operator;
    }

    void keepIn(RoutingContext context) {
        context.put(KEY, this);
    }

    boolean mayChange() {
        return role == Role.OPERATOR;
    }

    void requireToChange() {
        if (!mayChange()) {
            throw new Problem(
                    Kind.FORBIDDEN, name + " may look and change nothing: it has the role " + Role.VIEWER.label());
        }
    }
}
