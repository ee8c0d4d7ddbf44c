package io.crossfade.execution.sql;

import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.Invocation;
import io.crossfade.call.Invocation.JsonArguments;
import io.crossfade.catalog.Catalog;
import io.crossfade.catalog.Function;
import io.crossfade.catalog.Function.Parameter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Chooses among the functions of one name by the names of the arguments alone (PostgREST reference, "Functions as RPC"). */
final class FunctionChoice {
    private FunctionChoice() {}

    /** The one function that takes these arguments; fails with PGRST202 or PGRST203. */
    static Function of(Invocation invocation, Catalog catalog) {
        String schema = invocation.repository().schema();
        String name = invocation.repository().relation();
        List<Function> overloads = catalog.functions(schema, name);
        Set<String> names = new HashSet<>(invocation.arguments().names());
        List<Function> fitting =
                overloads.stream().filter(function -> takes(function, names)).toList();
        if (fitting.isEmpty() && invocation.arguments() instanceof JsonArguments) {
            fitting = overloads.stream().filter(FunctionChoice::takesWholeBody).toList();
        }
        if (fitting.size() == 1) {
            return fitting.get(0);
        }
        throw fitting.isEmpty() ? none(invocation) : several(fitting);
    }

    private static boolean takes(Function function, Set<String> names) {
        Set<String> all = new HashSet<>();
        Set<String> required = new HashSet<>();
        for (Parameter parameter : function.parameters()) {
            if (parameter.name().isEmpty()) {
                return false;
            }
            all.add(parameter.name());
            if (parameter.required()) {
                required.add(parameter.name());
            }
        }
        return all.containsAll(names) && names.containsAll(required);
    }

    private static boolean takesWholeBody(Function function) {
        return function.parameters().size() == 1
                && function.parameters().get(0).name().isEmpty()
                && Set.of("json", "jsonb").contains(function.parameters().get(0).type());
    }

    private static CallFailure none(Invocation invocation) {
        String function = invocation.repository().qualified();
        List<String> names = invocation.arguments().names().stream().sorted().toList();
        String list = String.join(", ", names);
        boolean json = invocation.arguments() instanceof JsonArguments;
        String searched =
                names.isEmpty() ? " without parameters" : " with parameter" + (names.size() == 1 ? " " : "s ") + list;
        return new CallFailure(
                Code.PGRST202,
                "Could not find the function " + function + (names.isEmpty() ? " without parameters" : "(" + list + ")")
                        + " in the schema cache",
                "Searched for the function " + function + searched
                        + (json ? " or with a single unnamed json/jsonb parameter" : "")
                        + ", but no matches were found in the schema cache.",
                null);
    }

    private static CallFailure several(List<Function> fitting) {
        return new CallFailure(
                Code.PGRST203,
                "Could not choose the best candidate function between: "
                        + fitting.stream().map(FunctionChoice::signature).collect(Collectors.joining(", ")),
                null,
                "Try renaming the parameters or the function itself in the database so function overloading can be"
                        + " resolved");
    }

    private static String signature(Function function) {
        return function.schema() + "." + function.name()
                + function.parameters().stream()
                        .map(parameter -> parameter.name() + " => " + parameter.type())
                        .collect(Collectors.joining(", ", "(", ")"));
    }
}
