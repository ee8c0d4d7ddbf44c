-- What Crossfade keeps in each of the two databases. The application's roles have no right to any of it; the capture and
-- fence functions run with the rights of who installed them.
CREATE SCHEMA crossfade;
REVOKE ALL ON SCHEMA crossfade FROM PUBLIC;

-- The tables that are captured and fenced here, and how they looked when that was set up.
CREATE TABLE crossfade.repository (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  group_name text NOT NULL,
  table_oid oid NOT NULL UNIQUE,
  key_columns text[] NOT NULL,
  fingerprint text NOT NULL,
  -- Its columns and their types, so that whoever asks what changed gets an answer.
  columns text[] NOT NULL DEFAULT '{}',
  -- How the fence looked when it was raised here; null while nothing has to keep writers out.
  fence text,
  -- Entries that were replayed and had not come through a proxy; counted where they are deleted, so that each counts once.
  bypass_entries bigint NOT NULL DEFAULT 0,
  bypass_seen_at timestamptz
);

-- Whether the capture of a group has been without a gap. What was proved in one generation, such as that both sides hold
-- the same rows, is void in the next. On the authority alone.
CREATE TABLE crossfade.capture (
  group_name text PRIMARY KEY,
  generation bigint NOT NULL DEFAULT 1,
  -- Since when the group needs an operator; null while it does not.
  broken_at timestamptz,
  -- Whether the journal of the group was given up: its triggers write nothing any more.
  given_up boolean NOT NULL DEFAULT false,
  -- Whether the gap is closed as soon as the journal up to now has been replayed.
  mending boolean NOT NULL DEFAULT false,
  reason text,
  -- The repositories whose rows have to be compared anew when capture is put back.
  repositories text[] NOT NULL DEFAULT '{}'
);

-- What this side knows of the other: which database it was, and how far its write-ahead log had come. A side that was
-- restored cannot have this restored with it.
CREATE TABLE crossfade.witness (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  identity text[] NOT NULL,
  position bigint
);

-- Which database this is: cluster, timeline, database. What the role may not see is null.
CREATE FUNCTION crossfade.identity() RETURNS text[] LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  cluster text;
  timeline text;
BEGIN
  BEGIN
    SELECT system_identifier::text INTO cluster FROM pg_control_system();
    SELECT lpad(to_hex(timeline_id), 8, '0') INTO timeline FROM pg_control_checkpoint();
    -- The checkpoint of a promoted server comes late; the name of a log file is never older.
    IF NOT pg_is_in_recovery() THEN
      timeline := left(pg_walfile_name(pg_current_wal_lsn()), 8);
    END IF;
  EXCEPTION WHEN insufficient_privilege THEN
    NULL;
  END;
  RETURN ARRAY[cluster, timeline, (SELECT oid::text FROM pg_database WHERE datname = current_database())];
END $$;

-- What changed on this side and is not yet on the other. Entries need no order and hold keys alone, never rows: the rows
-- are read when they are replayed, as they are then. One entry holds the keys of one statement, or a part of them; each
-- is the text of a text[], the columns of the key in their order. The kind is keys, truncate or resync; a CHECK would be
-- parsed and prepared anew at every write of the application, and only Crossfade's own functions write here.
CREATE TABLE crossfade.journal (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  repository integer NOT NULL,
  kind text NOT NULL,
  keys text[] NOT NULL DEFAULT '{}',
  bypass boolean NOT NULL
);

-- Who may write here as a replayer. A new leader raises the token, and who holds an older one is refused.
-- as_of is the moment of the snapshot on the authority that this side shows; while catching_up, this side has parts of later
-- ones too. caught_up_at is the first as_of from which on this side has followed without a gap; it is NULL while this side
-- is behind, and stays so until the state after the one that says that it is not. These rows change many times a second,
-- so each page keeps room for their next versions.
CREATE TABLE crossfade.replayer (
  group_name text PRIMARY KEY,
  token bigint NOT NULL,
  as_of timestamptz,
  caught_up_at timestamptz,
  catching_up boolean NOT NULL DEFAULT true,
  dead_letters integer NOT NULL DEFAULT 0
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);

-- Rows that this side would not take, each with its reason; tried again at next_try_at.
CREATE TABLE crossfade.dead_letter (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  repository text NOT NULL,
  key text NOT NULL,
  sqlstate text NOT NULL,
  problem text NOT NULL,
  attempts integer NOT NULL DEFAULT 1,
  first_failed_at timestamptz NOT NULL DEFAULT now(),
  next_try_at timestamptz NOT NULL,
  UNIQUE (repository, key)
);

-- Mixed into the hashes that stand for keys wherever people see dead letters: nobody without a look into this database can
-- find out a key by trying.
CREATE TABLE crossfade.mask (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  secret uuid NOT NULL DEFAULT gen_random_uuid()
);
INSERT INTO crossfade.mask DEFAULT VALUES;

-- What was changed of the application's own objects, so that it can be given back: SQL that undoes it.
CREATE TABLE crossfade.undo (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  repository text NOT NULL,
  purpose text NOT NULL CHECK (purpose IN ('foreign-key', 'user-trigger', 'autovacuum')),
  undo text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (repository, purpose, undo)
);

-- Where each group stands: one row on each side. A change is a compare-and-set of the epoch, and a side's fence changes only
-- in the transaction that changes its own row. moving_to is set while the authority is on its way: then nobody takes writes.
CREATE TABLE crossfade.state (
  group_name text PRIMARY KEY,
  epoch bigint NOT NULL,
  stage text NOT NULL,
  authority text NOT NULL CHECK (authority IN ('legacy', 'target')),
  moving_to text CHECK (moving_to IN ('legacy', 'target') AND moving_to <> authority),
  rollout numeric(5, 2) NOT NULL CHECK (rollout BETWEEN 0 AND 100),
  rollout_by_operation jsonb NOT NULL DEFAULT '{}',
  changed_by text NOT NULL,
  reason text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- The transaction by which this side last took the writes without the other one. Rows that are older were not written here
  -- since; null where that never happened. Never copied to the other side.
  forced_xid bigint
);

-- What this side had written as the authority, and the other had not got when it took the writes over: each row as it stood
-- here when this side was fenced again, for an operator to decide about. The kind is row, or table where nobody knows which
-- rows of it are meant. The values are in the order of the columns; both are null where the row was not there.
CREATE TABLE crossfade.reconciliation (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  repository text NOT NULL,
  kind text NOT NULL,
  key text[],
  columns text[],
  image text[],
  -- That of the state by which this side lost the writes.
  epoch bigint NOT NULL,
  listed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX reconciliation_repository ON crossfade.reconciliation (repository, id);
