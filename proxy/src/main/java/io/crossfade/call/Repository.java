package io.crossfade.call;

/**
 * A table, view or function by the names that the application uses. A side may know it by another name; only the SQL of
 * that side does.
 *
 * @param name the API name, as configuration, metrics and the page show it: {@code clients}, or {@code schema.clients}
 *     where the schema is not the first exposed one
 * @param schema the exposed schema that the application addressed
 * @param relation the name within the schema
 */
public record Repository(String name, String schema, String relation) {
    /** The repository {@code relation} of the first exposed schema. */
    public static Repository ofDefaultSchema(String schema, String relation) {
        return new Repository(relation, schema, relation);
    }

    /** The repository {@code relation} of a schema that is not the first exposed one. */
    public static Repository ofOtherSchema(String schema, String relation) {
        return new Repository(schema + "." + relation, schema, relation);
    }

    /** Schema and relation, unquoted, as PostgREST names them in its messages. */
    public String qualified() {
        return schema + "." + relation;
    }
}
