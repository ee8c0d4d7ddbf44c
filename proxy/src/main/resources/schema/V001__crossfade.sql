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
-- the same rows, is void in the next. Changed on the authority alone; where both sides have a row, the one with the greater
-- generation is the whole truth.
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

-- Who changed what, when and why. Each entry holds a hash over itself and the hash of the one before it in its chain, so
-- that an entry which was changed or taken out afterwards is found. No row of the application is ever in it.
-- A chain is the history of one group, or of the acts that changed no state.
CREATE TABLE crossfade.audit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  chain text NOT NULL,
  at timestamptz NOT NULL,
  operator text NOT NULL,
  group_name text,
  kind text NOT NULL,
  was jsonb,
  becomes jsonb NOT NULL,
  reason text NOT NULL,
  epoch bigint,
  previous bytea NOT NULL,
  hash bytea NOT NULL
);
CREATE INDEX audit_chain ON crossfade.audit (chain, id);
CREATE INDEX audit_at ON crossfade.audit (at);

-- Adds an entry to its chain; the caller holds a lock that keeps others from adding to the same chain.
CREATE FUNCTION crossfade.add_to_audit(
  in_chain text, happened timestamptz, who text, of_group text, what text, was jsonb, becomes jsonb, why text, at_epoch bigint)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  -- Numbers and moments have one spelling here, whatever the session is set to.
  told text;
  before bytea := coalesce(
    (SELECT hash FROM crossfade.audit WHERE chain = in_chain ORDER BY id DESC LIMIT 1), '\x'::bytea);
BEGIN
  told := jsonb_build_array(in_chain, to_char(happened AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), who, of_group, what,
    was, becomes, why, at_epoch)::text;
  INSERT INTO crossfade.audit (chain, at, operator, group_name, kind, was, becomes, reason, epoch, previous, hash)
  VALUES (in_chain, happened, who, of_group, what, was, becomes, why, at_epoch, before,
    sha256(before || convert_to(told, 'UTF8')));
END $$;

-- Adds what changed no state. All of them are one chain, so they wait for each other until the transaction ends.
CREATE FUNCTION crossfade.tell_audit(who text, of_group text, what text, becomes jsonb, why text)
RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('crossfade.audit', 0));
  PERFORM crossfade.add_to_audit('acts', clock_timestamp(), who, of_group, what, NULL, becomes, why, NULL);
END $$;

-- Every change of a state tells of itself in the transaction that makes it, whoever makes it. The row that changes is
-- locked, so the entries of a group follow each other. Where this bookkeeping itself was damaged, the change is made all
-- the same, because it may be the way back; the state is then ahead of its history, which is found when that is verified.
CREATE FUNCTION crossfade.audit_state() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM crossfade.add_to_audit(
    'state:' || NEW.group_name, NEW.changed_at, NEW.changed_by, NEW.group_name, 'state',
    CASE WHEN TG_OP = 'UPDATE'
      THEN to_jsonb(OLD) - '{group_name,changed_by,reason,changed_at}'::text[] END,
    to_jsonb(NEW) - '{group_name,changed_by,reason,changed_at}'::text[],
    NEW.reason, NEW.epoch);
  RETURN NULL;
EXCEPTION WHEN undefined_table OR undefined_column OR undefined_function OR insufficient_privilege THEN
  RETURN NULL;
END $$;

CREATE TRIGGER crossfade_audit AFTER INSERT OR UPDATE ON crossfade.state
  FOR EACH ROW EXECUTE FUNCTION crossfade.audit_state();
ALTER TABLE crossfade.state ENABLE ALWAYS TRIGGER crossfade_audit;

-- Routing keys that operators have sent to one side while proxies ran; a key that was let go again keeps its row, without a
-- side. Both sides hold every row, and of two that differ the one with the higher version holds.
CREATE TABLE crossfade.pin (
  key text PRIMARY KEY,
  side text CHECK (side IN ('legacy', 'target')),
  version bigint NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL
);

-- The proxies that were seen of late. What is here says how they are now and is worth nothing after a crash, so it is kept out
-- of the write-ahead log.
CREATE UNLOGGED TABLE crossfade.instance (
  id uuid PRIMARY KEY,
  address text NOT NULL,
  version text NOT NULL,
  started_at timestamptz NOT NULL,
  epoch bigint NOT NULL,
  -- The moment of each group's authority that its shadow shows, as this proxy knows it.
  as_of jsonb NOT NULL,
  lag_seconds double precision NOT NULL,
  seen_at timestamptz NOT NULL
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
-- What was established about a group: that both schemas fit, that it was backfilled, that both sides hold the same rows. A
-- fact says nothing in another generation of capture, and nothing about repositories that it does not name. Both sides
-- hold every fact, and it counts while they say the same: a side that was restored, or on which others could write
-- meanwhile, takes it back by forgetting it.
CREATE TABLE crossfade.fact (
  group_name text NOT NULL,
  fact text NOT NULL,
  repositories text[] NOT NULL,
  generation bigint NOT NULL,
  ok boolean NOT NULL,
  at timestamptz NOT NULL,
  detail text NOT NULL,
  PRIMARY KEY (group_name, fact)
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

-- What was found to differ between the two sides: a row for each repository, kind and set of columns. Both sides hold every
-- row, and of two that differ the greater number and the later moment hold. It is confirmed while it was last confirmed after
-- it was last resolved; before it ever was, it is transient. The samples hold types, lengths and keyed hashes instead of
-- values, unless the configuration asked for the values.
CREATE TABLE crossfade.mismatch (
  -- The same everywhere: made of repository, kind and columns.
  id text PRIMARY KEY,
  repository text NOT NULL,
  kind text NOT NULL,
  columns text[] NOT NULL,
  transient bigint NOT NULL,
  confirmed bigint NOT NULL,
  first_seen_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  last_confirmed_at timestamptz,
  resolved_at timestamptz,
  resolved_by text,
  reason text,
  shape text NOT NULL,
  samples jsonb NOT NULL,
  -- Whose batch confirmed it first, or again after it was resolved: that proxy tells of it, and nobody else does.
  opened_by uuid,
  opened_batch bigint
);

-- The last batch of findings that each proxy has written here. One that comes again, because its answer was lost, finds its
-- number and adds nothing.
CREATE TABLE crossfade.comparer (
  instance uuid PRIMARY KEY,
  batch bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);

-- How many reads each proxy has compared, in spans of so many seconds: long ones that are kept for weeks, and short ones that
-- are kept for hours.
CREATE TABLE crossfade.compared (
  seconds integer NOT NULL,
  begins timestamptz NOT NULL,
  repository text NOT NULL,
  instance uuid NOT NULL,
  reads bigint NOT NULL,
  mismatched bigint NOT NULL,
  confirmed bigint NOT NULL,
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (seconds, begins, repository, instance)
);

-- How many groups of mismatches were forgotten because there were too many; those that were resolved are not counted.
CREATE TABLE crossfade.mismatch_dropped (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  transient bigint NOT NULL DEFAULT 0,
  confirmed bigint NOT NULL DEFAULT 0,
  -- When a confirmed one was forgotten last.
  confirmed_at timestamptz
);
INSERT INTO crossfade.mismatch_dropped DEFAULT VALUES;

-- What proxies have counted, such as calls by hour: one row for each proxy, period and thing. A row holds totals and is written
-- over as they grow, so that writing it twice counts once; who reads adds up the rows of all proxies. Both sides hold every row.
CREATE TABLE crossfade.tally (
  book text NOT NULL,
  period timestamptz NOT NULL,
  instance uuid NOT NULL,
  -- Keys can be longer than an index takes.
  key_hash uuid NOT NULL,
  key text NOT NULL,
  weight bigint NOT NULL,
  numbers jsonb NOT NULL,
  PRIMARY KEY (book, period, instance, key_hash)
) WITH (fillfactor = 70);

-- How many writes of others than the proxies the fence has refused here: what was refused is undone, and a sequence is not.
CREATE SEQUENCE crossfade.refused;
