package io.crossfade.call;

import java.util.List;

/** Sets the columns of {@code values} on every row for which all filters hold. */
public record Update(
        Repository repository, Caller caller, Rows values, List<Filter> filters, Query returned, Answer answer)
        implements Write {
    public Update {
        filters = List.copyOf(filters);
    }

    @Override
    public Operation operation() {
        return Operation.UPDATE;
    }
}
