package io.crossfade.call;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A function call. Its repository is the function; the rows it gives can be selected, filtered and ordered like those of
 * a relation.
 *
 * @param arguments what the caller passed
 * @param readOnly whether the caller asked in a way that must not write
 */
public record Invocation(
        Repository repository, Caller caller, Arguments arguments, Query query, Answer answer, boolean readOnly)
        implements Call {
    @Override
    public Operation operation() {
        return Operation.RPC;
    }

    /** The arguments, named, in one of the two forms in which they can arrive. */
    public sealed interface Arguments {
        /** The names that were given. */
        List<String> names();
    }

    /**
     * Arguments in a JSON object that only the database takes apart.
     *
     * @param array whether the object is the first of an array
     */
    public record JsonArguments(Buffer json, List<String> names, boolean array) implements Arguments {
        public JsonArguments {
            names = List.copyOf(names);
        }
    }

    /** Arguments as text, one list of values a name; more than one value only for a variadic parameter. */
    public record TextArguments(Map<String, List<String>> values) implements Arguments {
        @Override
        public List<String> names() {
            return List.copyOf(values.keySet());
        }
    }

    /** The single argument of the name, if the arguments are text and there is one. */
    public @Nullable String text(String name) {
        if (arguments instanceof TextArguments text && text.values().containsKey(name)) {
            return text.values().get(name).get(0);
        }
        return null;
    }
}
