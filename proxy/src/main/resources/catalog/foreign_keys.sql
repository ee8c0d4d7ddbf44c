-- Foreign keys between relations of the exposed schemas; conparentid leaves out the copies on partitions.
SELECT k.conrelid::bigint AS oid,
       k.conname::text AS name,
       (SELECT array_agg(a.attname::text ORDER BY u.position)
        FROM unnest(k.conkey) WITH ORDINALITY AS u (attnum, position)
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.attnum) AS columns,
       rn.nspname::text AS referenced_schema,
       r.relname::text AS referenced_relation,
       (SELECT array_agg(a.attname::text ORDER BY u.position)
        FROM unnest(k.confkey) WITH ORDINALITY AS u (attnum, position)
             JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = u.attnum) AS referenced_columns
FROM pg_constraint k
     JOIN pg_class c ON c.oid = k.conrelid
     JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_class r ON r.oid = k.confrelid
     JOIN pg_namespace rn ON rn.oid = r.relnamespace
WHERE k.contype = 'f'
  AND k.conparentid = 0
  AND n.nspname = ANY ($1::text[])
  AND rn.nspname = ANY ($1::text[])
ORDER BY k.conrelid, k.conname
