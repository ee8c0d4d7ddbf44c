-- Columns, with the type that a caller's value has to be cast to: a domain is followed down to its base type, because a
-- comparison with a domain is a comparison with the type beneath. The modifier -1 (not NULL) makes format_type give a
-- name without a length: "bpchar" and not "character", which a cast would take for character(1).
WITH RECURSIVE domains AS (
  SELECT oid AS type, oid AS base FROM pg_type
  UNION ALL
  SELECT d.type, t.typbasetype FROM domains d JOIN pg_type t ON t.oid = d.base WHERE t.typtype = 'd'
)
SELECT c.oid::bigint AS oid,
       a.attname::text AS name,
       format_type(t.oid, -1) AS type,
       t.typcategory = 'S' AS textual,
       CASE
         WHEN a.attidentity <> '' THEN
           format('nextval(%L::regclass)', pg_get_serial_sequence(c.oid::regclass::text, a.attname))
         WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid)
       END AS default_expression,
       a.attgenerated <> '' AS generated
FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     JOIN domains ON domains.type = a.atttypid
     JOIN pg_type t ON t.oid = domains.base AND t.typtype <> 'd'
     LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE n.nspname = ANY ($1::text[])
  AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
  AND NOT c.relispartition
ORDER BY c.oid, a.attnum
