-- What the fence of each named repository has to know, in the order in which its locks are taken. Names are always
-- qualified: what is kept of them is read by other sessions, with other search paths.
SELECT r.name,
       format('%I.%I', s.nspname, c.relname) AS relation,
       c.relkind = 'p' AS partitioned,
       coalesce((SELECT array_agg(format('%I.%I', n.nspname, o.relname) ORDER BY o.oid)
                 FROM pg_catalog.pg_partition_tree(c.oid) AS p
                      JOIN pg_catalog.pg_class AS o ON o.oid = p.relid
                      JOIN pg_catalog.pg_namespace AS n ON n.oid = o.relnamespace
                 WHERE o.oid <> c.oid), '{}') AS partitions,
       coalesce(t.relations, '{}') AS trigger_relations,
       coalesce(t.names, '{}') AS trigger_names,
       coalesce(t.fence, '{}') AS trigger_fence,
       coalesce(t.states, '{}') AS trigger_states
FROM crossfade.repository AS r
     JOIN pg_catalog.pg_class AS c ON c.oid = r.table_oid
     JOIN pg_catalog.pg_namespace AS s ON s.oid = c.relnamespace
     LEFT JOIN LATERAL (
       SELECT array_agg(format('%I.%I', n.nspname, o.relname) ORDER BY t.tgrelid, t.tgname) AS relations,
              array_agg(quote_ident(t.tgname) ORDER BY t.tgrelid, t.tgname) AS names,
              array_agg(t.tgname LIKE 'crossfade\_fence%' ORDER BY t.tgrelid, t.tgname) AS fence,
              array_agg(CASE t.tgenabled WHEN 'A' THEN 'ENABLE ALWAYS' WHEN 'R' THEN 'ENABLE REPLICA'
                                         WHEN 'D' THEN 'DISABLE' ELSE 'ENABLE' END
                        ORDER BY t.tgrelid, t.tgname) AS states
       FROM pg_catalog.pg_trigger AS t
            JOIN pg_catalog.pg_class AS o ON o.oid = t.tgrelid
            JOIN pg_catalog.pg_namespace AS n ON n.oid = o.relnamespace
       WHERE (t.tgrelid = c.oid
              OR t.tgrelid IN (SELECT p.relid FROM pg_catalog.pg_partition_tree(c.oid) AS p))
         AND NOT t.tgisinternal
         AND t.tgname NOT LIKE 'crossfade\_capture\_%'
         -- Copies on partitions follow the trigger they were copied from.
         AND t.tgparentid = 0) AS t ON true
WHERE r.name = ANY ($1::text[])
ORDER BY c.oid
