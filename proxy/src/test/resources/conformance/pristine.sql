-- Keeps a copy of every table, so that a test can see what a write changed and undo it.

CREATE SCHEMA pristine;
CREATE TABLE pristine.sequences AS
  SELECT format('%I.%I', schemaname, sequencename) AS name, coalesce(last_value, start_value) AS value,
         last_value IS NOT NULL AS called
  FROM pg_sequences WHERE schemaname = 'public';

DO $$
DECLARE
  t text;
BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE pristine.%I AS TABLE public.%I', t, t);
  END LOOP;
END
$$;

-- The rows that are in a table and were not, and those that were and are not any more.
CREATE FUNCTION pristine.changes(t text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format(
    'SELECT ''+ '' || line FROM (SELECT x::text AS line FROM public.%1$I x EXCEPT ALL SELECT x::text FROM pristine.%1$I x) n
     UNION ALL
     SELECT ''- '' || line FROM (SELECT x::text AS line FROM pristine.%1$I x EXCEPT ALL SELECT x::text FROM public.%1$I x) o
     ORDER BY 1', t);
END
$$;

-- What differs in any table.
CREATE FUNCTION pristine.all_changes() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  t text;
BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1 LOOP
    RETURN QUERY SELECT t || ' ' || c FROM pristine.changes(t) c;
  END LOOP;
END
$$;

-- Undoes every change of a table, and of those that refer to it, into a fresh heap: rows lie in their old order.
CREATE FUNCTION pristine.restore(t text) RETURNS void LANGUAGE plpgsql SET session_replication_role = replica AS $$
DECLARE
  emptied text;
  columns text;
BEGIN
  EXECUTE format('TRUNCATE public.%I CASCADE', t);
  FOR emptied IN
    WITH RECURSIVE referring AS (
      SELECT format('public.%I', t)::regclass AS oid
      UNION SELECT conrelid FROM pg_constraint JOIN referring ON confrelid = referring.oid AND contype = 'f')
    SELECT relname FROM referring JOIN pg_class USING (oid)
  LOOP
    SELECT string_agg(quote_ident(attname), ',' ORDER BY attnum) INTO columns FROM pg_attribute
    WHERE attrelid = format('public.%I', emptied)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
    EXECUTE format('INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM pristine.%1$I', emptied, columns);
  END LOOP;
  PERFORM setval(name::regclass, value, called) FROM pristine.sequences;
END
$$;

ANALYZE;
