package io.crossfade.routing;

import io.crossfade.call.Answer;
import io.crossfade.call.Caller;
import io.crossfade.call.Delete;
import io.crossfade.call.Field;
import io.crossfade.call.Filter;
import io.crossfade.call.Query;
import io.crossfade.call.Read;
import io.crossfade.call.Repository;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls as a front door would make them. */
final class Reads {
    static final Repository CLIENTS = Repository.ofDefaultSchema("public", "clients");

    private Reads() {}

    static Read read(@Nullable String key, String identity, Filter... filters) {
        Query query = new Query(Query.EVERYTHING.select(), Arrays.asList(filters), List.of(), null, 0);
        return new Read(CLIENTS, new Caller(key, identity), query, Answer.ROWS);
    }

    static Read byPhone(String phone) {
        return read(null, "someone", equal("phone", phone));
    }

    static Delete delete() {
        return new Delete(CLIENTS, new Caller(null, "someone"), List.of(), Query.EVERYTHING, Answer.ROWS);
    }

    static Filter equal(String column, String value) {
        return compare(false, column, Filter.Operator.EQ, value);
    }

    static Filter compare(boolean negated, String column, Filter.Operator operator, String value) {
        return new Filter.Condition(negated, Field.of(column), new Filter.Compare(operator, null, value));
    }
}
