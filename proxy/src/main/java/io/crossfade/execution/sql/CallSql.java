package io.crossfade.execution.sql;

import io.crossfade.call.Call;
import io.crossfade.call.CallFailure;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.Delete;
import io.crossfade.call.Insert;
import io.crossfade.call.Invocation;
import io.crossfade.call.Query;
import io.crossfade.call.Read;
import io.crossfade.call.SelectItem;
import io.crossfade.call.Update;
import io.crossfade.call.Write;
import io.crossfade.catalog.Catalog;
import io.crossfade.catalog.Function;
import io.crossfade.catalog.Relation;

/**
 * Renders any call for the side whose catalogue is given. What a call names and the side does not have is a failure here,
 * before any SQL is sent, where PostgREST knows it from its schema cache; the rest the database judges.
 */
public final class CallSql {
    private CallSql() {}

    /** The statement for a call that reads or writes a relation. */
    public static Statement render(Call call, Catalog catalog) {
        Relation relation = relation(call, catalog);
        if (call instanceof Read read) {
            refuseEmbeds(read.query(), relation, catalog);
            return ReadSql.render(read, relation);
        }
        if (call instanceof Write write && write.answer().body()) {
            refuseEmbeds(write.returned(), relation, catalog);
        }
        if (call instanceof Insert insert) {
            return WriteSql.render(insert, relation);
        }
        if (call instanceof Update update) {
            return WriteSql.render(update, relation);
        }
        if (call instanceof Delete delete) {
            return WriteSql.render(delete, relation);
        }
        throw new IllegalArgumentException("not a call about a relation: " + call.operation());
    }

    /** The function that an invocation means; fails with PGRST202 or PGRST203. */
    public static Function function(Invocation invocation, Catalog catalog) {
        return FunctionChoice.of(invocation, catalog);
    }

    /** The statement for a call of a function. */
    public static Statement render(Invocation invocation, Function function) {
        for (SelectItem item : invocation.query().select()) {
            if (item instanceof SelectItem.Embed embed) {
                throw notSupported(embed, function.name());
            }
        }
        return InvocationSql.render(invocation, function);
    }

    private static Relation relation(Call call, Catalog catalog) {
        Relation relation =
                catalog.relation(call.repository().schema(), call.repository().relation());
        if (relation == null) {
            throw new CallFailure(
                    Code.PGRST205,
                    "Could not find the table '" + call.repository().qualified() + "' in the schema cache",
                    null,
                    null);
        }
        return relation;
    }

    private static void refuseEmbeds(Query query, Relation relation, Catalog catalog) {
        for (SelectItem item : query.select()) {
            if (item instanceof SelectItem.Embed embed) {
                throw Relationships.exists(relation, embed.target(), catalog)
                        ? notSupported(embed, relation.name())
                        : Relationships.none(relation, embed);
            }
        }
    }

    private static CallFailure notSupported(SelectItem.Embed embed, String origin) {
        return new CallFailure(
                Code.CF501,
                "Embedding '" + embed.target() + "' into '" + origin
                        + "' is not supported by this version of Crossfade",
                null,
                "Read the two repositories in two calls.");
    }
}
