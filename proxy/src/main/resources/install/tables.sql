-- Every relation of the exposed schemas with all that decides whether, and how, it can be captured. Names that are put
-- into SQL are quoted and qualified here.
SELECT c.oid::bigint AS oid,
       s.nspname::text AS schema,
       c.relname::text AS name,
       format('%I.%I', s.nspname, c.relname) AS qualified,
       c.relkind::text AS kind,
       pg_get_userbyid(c.relowner)::text AS owner,
       pg_has_role(c.relowner, 'USAGE') AS owned,
       EXISTS (SELECT FROM pg_catalog.pg_inherits AS i JOIN pg_catalog.pg_class AS p ON p.oid = i.inhparent
               WHERE (i.inhrelid = c.oid OR i.inhparent = c.oid) AND p.relkind <> 'p') AS inherits,
       EXISTS (SELECT FROM pg_catalog.pg_subscription_rel AS u
               WHERE u.srrelid = c.oid OR u.srrelid = ANY (p.oids)) AS subscribed,
       coalesce(k.names, '{}') AS key_names,
       coalesce(k.types, '{}') AS key_types,
       -- Each as its sorted columns: whether the other side's key can find a row here again.
       (SELECT coalesce(array_agg((SELECT string_agg(q.name, ', ' ORDER BY q.name COLLATE "C")
                                   FROM pg_catalog.pg_attribute AS a,
                                        LATERAL (SELECT '"' || replace(a.attname, '"', '""') || '"' AS name) AS q
                                   WHERE a.attrelid = c.oid
                                     AND a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]))), '{}')
        FROM pg_catalog.pg_index AS i
        WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
          AND i.indexprs IS NULL) AS unique_columns,
       coalesce(p.names, '{}') AS partitions,
       coalesce(f.relations, '{}') AS foreign_relations,
       coalesce(f.names, '{}') AS foreign_names,
       (SELECT coalesce(array_agg(DISTINCT x.confrelid::bigint), '{}') FROM pg_catalog.pg_constraint AS x
        WHERE x.contype = 'f' AND (x.conrelid = c.oid OR x.conrelid = ANY (p.oids))) AS foreign_references,
       (SELECT coalesce(array_agg(format('%I.%I', n.nspname, o.relname) || ' ' || t.tgname), '{}')
        FROM pg_catalog.pg_trigger AS t
             JOIN pg_catalog.pg_class AS o ON o.oid = t.tgrelid
             JOIN pg_catalog.pg_namespace AS n ON n.oid = o.relnamespace
             JOIN pg_catalog.pg_proc AS r ON r.oid = t.tgfoid
             JOIN pg_catalog.pg_namespace AS w ON w.oid = r.pronamespace
        WHERE (t.tgrelid = c.oid OR t.tgrelid = ANY (p.oids)) AND w.nspname = 'crossfade' AND t.tgenabled = 'A'
          AND t.tgname LIKE 'crossfade\_capture\_%') AS capturing
FROM pg_catalog.pg_class AS c
     JOIN pg_catalog.pg_namespace AS s ON s.oid = c.relnamespace
     LEFT JOIN LATERAL (
       -- The primary key, else the narrowest unique one that cannot be NULL.
       SELECT array_agg(a.attname::text ORDER BY position) AS names,
              -- Replay sees pg_catalog alone: elsewhere a type's own = is not found, and another one may be instead.
              array_agg(CASE WHEN NOT coalesce(l.collisdeterministic, true) THEN 'nondeterministic'
                             WHEN b.typtype = 'b' AND b.typnamespace <> 'pg_catalog'::regnamespace THEN 'extension'
                             WHEN b.typtype = 'e' THEN 'enum'
                             WHEN b.typtype = 'b' AND b.typnamespace = 'pg_catalog'::regnamespace THEN b.typname::text
                             ELSE 'other' END ORDER BY position) AS types
       FROM (SELECT i.indkey, i.indnkeyatts
             FROM pg_catalog.pg_index AS i
             WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
               AND NOT EXISTS (SELECT FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS u (attnum, position)
                                    JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = u.attnum
                               WHERE u.position <= i.indnkeyatts AND NOT a.attnotnull)
             ORDER BY i.indisprimary DESC, i.indimmediate DESC, i.indnkeyatts, i.indexrelid
             LIMIT 1) AS i,
            unnest(i.indkey::int2[]) WITH ORDINALITY AS u (attnum, position)
            JOIN pg_catalog.pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = u.attnum
            JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
            JOIN pg_catalog.pg_type AS b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
            LEFT JOIN pg_catalog.pg_collation AS l ON l.oid = a.attcollation
       WHERE u.position <= i.indnkeyatts) AS k ON true
     LEFT JOIN LATERAL (
       SELECT array_agg(format('%I.%I', n.nspname, o.relname) ORDER BY o.oid) AS names, array_agg(o.oid) AS oids
       FROM pg_catalog.pg_partition_tree(c.oid) AS t
            JOIN pg_catalog.pg_class AS o ON o.oid = t.relid
            JOIN pg_catalog.pg_namespace AS n ON n.oid = o.relnamespace
       WHERE o.oid <> c.oid) AS p ON true
     LEFT JOIN LATERAL (
       SELECT array_agg(format('%I.%I', n.nspname, o.relname) ORDER BY x.oid) AS relations,
              array_agg(x.conname::text ORDER BY x.oid) AS names
       FROM pg_catalog.pg_constraint AS x
            JOIN pg_catalog.pg_class AS o ON o.oid = x.conrelid
            JOIN pg_catalog.pg_namespace AS n ON n.oid = o.relnamespace
       WHERE (o.oid = c.oid OR o.oid = ANY (p.oids)) AND x.contype = 'f' AND NOT x.condeferrable
         AND x.conparentid = 0) AS f ON true
WHERE s.nspname = ANY ($1::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition
ORDER BY c.oid
