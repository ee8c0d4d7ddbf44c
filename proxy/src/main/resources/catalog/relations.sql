-- Tables and views of the exposed schemas. Partitions are hidden behind their partitioned table.
SELECT c.oid::bigint AS oid,
       n.nspname::text AS schema,
       c.relname::text AS name,
       c.relkind::text AS kind,
       coalesce(
         (SELECT array_agg(a.attname::text ORDER BY k.position)
          FROM pg_constraint p,
               unnest(p.conkey) WITH ORDINALITY AS k (attnum, position)
               JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
          WHERE p.conrelid = c.oid AND p.contype = 'p'),
         '{}'::text[]) AS primary_key
FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = ANY ($1::text[])
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND NOT c.relispartition
ORDER BY n.nspname, c.relname
