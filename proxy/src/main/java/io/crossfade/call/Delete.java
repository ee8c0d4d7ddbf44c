package io.crossfade.call;

import java.util.List;

/** Removes every row for which all filters hold. */
public record Delete(Repository repository, Caller caller, List<Filter> filters, Query returned, Answer answer)
        implements Write {
    public Delete {
        filters = List.copyOf(filters);
    }

    @Override
    public Operation operation() {
        return Operation.DELETE;
    }
}
