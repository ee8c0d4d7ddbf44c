package io.crossfade.execution.sql;

import io.crossfade.call.Insert;
import io.crossfade.call.OnConflict;
import io.crossfade.call.OnConflict.Resolution;
import io.crossfade.catalog.Relation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Renders what makes an insert an upsert, and counts the rows that were added rather than changed.
 *
 * <p>An added row has {@code xmax} zero, a changed one was locked first and has not. A view has no such column and a
 * partitioned table cannot return it, so there a setting is counted up for each row and down for each conflict.
 */
final class UpsertSql {
    private static final String SETTING = "crossfade.inserted";
    private static final String COUNTER = "coalesce(nullif(current_setting('" + SETTING + "', true), '')::bigint, 0)";

    private final @Nullable OnConflict onConflict;
    private final List<String> target;
    private final List<String> columns;
    private final boolean merges;
    private final boolean ordinaryTable;

    UpsertSql(Insert insert, Relation relation) {
        this.onConflict = insert.onConflict();
        this.columns = insert.rows().columns();
        this.target =
                onConflict == null || onConflict.columns().isEmpty() ? relation.primaryKey() : onConflict.columns();
        // Without a conflict target PostgREST makes a plain insert of it.
        this.merges = onConflict != null
                && onConflict.resolution() == Resolution.MERGE_DUPLICATES
                && !target.isEmpty()
                && !columns.isEmpty();
        this.ordinaryTable = relation.kind() == Relation.Kind.TABLE;
    }

    /** The condition on each row that counts it, where {@code xmax} cannot be had. */
    String countsBySetting() {
        return merges && !ordinaryTable ? " WHERE " + count("+ 1") + " <> '0'" : "";
    }

    void onConflict(SqlText sql) {
        if (onConflict == null || target.isEmpty()) {
            return;
        }
        sql.add(" ON CONFLICT(").join(", ", target, sql::name).add(")");
        if (!merges) {
            sql.add(" DO NOTHING");
            return;
        }
        sql.add(" DO UPDATE SET ")
                .join(
                        ", ",
                        columns,
                        column -> sql.name(column).add(" = EXCLUDED.").name(column));
        if (!ordinaryTable) {
            sql.add(" WHERE " + count("- 1") + " <> '-1'");
        }
    }

    /** What the insert returns beside its columns. */
    String insertedFlag() {
        return merges && ordinaryTable ? ", xmax = 0 AS _crossfade_inserted" : "";
    }

    /** The number of added rows, in the outermost select. */
    String insertedCount() {
        if (onConflict == null || target.isEmpty()) {
            return "NULL::bigint";
        }
        if (!merges) {
            return "(SELECT count(*) FROM " + WriteSql.SOURCE + ")";
        }
        return ordinaryTable
                ? "(SELECT count(*) FROM " + WriteSql.SOURCE + " WHERE _crossfade_inserted)"
                : "(SELECT " + COUNTER + " FROM (SELECT count(*) FROM " + WriteSql.SOURCE + ") AS _)";
    }

    private static String count(String change) {
        return "set_config('" + SETTING + "', (" + COUNTER + " " + change + ")::text, true)";
    }
}
