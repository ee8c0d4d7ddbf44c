-- Functions that can be called by the names of their parameters, or through a single unnamed one. Procedures,
-- aggregates and trigger functions are not callable.
SELECT n.nspname::text AS schema,
       p.proname::text AS name,
       coalesce(inputs.names, '{}'::text[]) AS parameter_names,
       coalesce(inputs.types, '{}'::text[]) AS parameter_types,
       p.pronargdefaults::int AS defaults,
       p.provariadic <> 0 AS variadic,
       CASE
         WHEN p.prorettype = 'void'::regtype THEN 'NOTHING'
         WHEN t.typtype = 'c'
           OR p.prorettype = 'record'::regtype
           OR coalesce(p.proargmodes::text[] && '{o,b,t}', false) THEN 'ROW'
         ELSE 'SCALAR'
       END AS returns,
       p.proretset AS returns_set,
       coalesce(outputs.names, '{}'::text[]) AS column_names,
       coalesce(outputs.types, '{}'::text[]) AS column_types,
       coalesce(outputs.textual, '{}'::boolean[]) AS column_textual
FROM pg_proc p
     JOIN pg_namespace n ON n.oid = p.pronamespace
     JOIN pg_type t ON t.oid = p.prorettype
     CROSS JOIN LATERAL (
       -- Only IN, INOUT and VARIADIC parameters are passed; a function with none of the other modes has no modes at all.
       SELECT array_agg(coalesce(p.proargnames[a.position], '') ORDER BY a.position) AS names,
              array_agg(format_type(a.type, -1) ORDER BY a.position) AS types
       FROM unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) WITH ORDINALITY AS a (type, position)
       WHERE coalesce(p.proargmodes[a.position]::text, 'i') IN ('i', 'b', 'v')
     ) AS inputs
     CROSS JOIN LATERAL (
       -- The columns of the row type, or else those of OUT, INOUT and TABLE parameters.
       SELECT array_agg(o.name ORDER BY o.position) AS names,
              array_agg(format_type(o.type, -1) ORDER BY o.position) AS types,
              array_agg(ot.typcategory = 'S' ORDER BY o.position) AS textual
       FROM (
         SELECT a.attname::text AS name, a.atttypid AS type, a.attnum AS position
         FROM pg_attribute a
         WHERE a.attrelid = t.typrelid AND t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped
         UNION ALL
         SELECT coalesce(p.proargnames[u.position], ''), u.type, u.position
         FROM unnest(p.proallargtypes) WITH ORDINALITY AS u (type, position)
         WHERE p.proargmodes[u.position]::text IN ('o', 'b', 't')
       ) AS o
       JOIN pg_type ot ON ot.oid = o.type
     ) AS outputs
WHERE n.nspname = ANY ($1::text[])
  AND p.prokind = 'f'
  AND p.prorettype NOT IN ('trigger'::regtype, 'event_trigger'::regtype)
ORDER BY n.nspname, p.proname, p.oid
