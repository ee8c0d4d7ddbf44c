-- One group by its foreign keys: every ON DELETE action but RESTRICT, a table that refers to itself, composite, text and
-- integer keys.
CREATE TABLE shops (
  code text PRIMARY KEY,
  name text NOT NULL DEFAULT 'Салон',
  place integer UNIQUE);
CREATE TABLE staff (
  id bigint PRIMARY KEY,
  shop text NOT NULL REFERENCES shops ON DELETE CASCADE ON UPDATE CASCADE,
  boss bigint REFERENCES staff ON DELETE SET NULL ON UPDATE CASCADE,
  version bigint NOT NULL DEFAULT 0,
  tags text[] DEFAULT '{}');
CREATE TABLE visits (
  shop text REFERENCES shops ON DELETE CASCADE ON UPDATE CASCADE,
  no integer,
  staff bigint DEFAULT 1 REFERENCES staff ON DELETE SET DEFAULT ON UPDATE CASCADE,
  paid numeric(10, 2),
  at timestamptz,
  PRIMARY KEY (shop, no));
CREATE TABLE reviews (
  id bigint PRIMARY KEY,
  shop text,
  no integer,
  stars integer,
  UNIQUE (shop, no),
  FOREIGN KEY (shop, no) REFERENCES visits ON DELETE CASCADE ON UPDATE CASCADE);
CREATE TABLE bookings (id uuid PRIMARY KEY, version bigint NOT NULL, note jsonb);
CREATE TABLE ledger (id uuid PRIMARY KEY, writer text NOT NULL, seq bigint NOT NULL, UNIQUE (writer, seq));
CREATE TABLE cash (id integer PRIMARY KEY, amount integer NOT NULL);
CREATE TABLE debts (id integer PRIMARY KEY, amount integer NOT NULL);
CREATE TABLE scratch (id integer PRIMARY KEY, word text);
CREATE TABLE events (id bigint PRIMARY KEY, what text) PARTITION BY RANGE (id);
CREATE TABLE events_low PARTITION OF events FOR VALUES FROM (MINVALUE) TO (1000000);
CREATE TABLE events_high PARTITION OF events FOR VALUES FROM (1000000) TO (MAXVALUE);
INSERT INTO shops (code, place) SELECT 'base', 0 UNION ALL
  SELECT 'w' || w || '-' || s, w * 10 + s FROM generate_series(1, 2) AS w, generate_series(1, 4) AS s;
INSERT INTO staff (id, shop) SELECT i, 'base' FROM generate_series(1, 20) AS i;
INSERT INTO visits (shop, no, staff, paid) SELECT 'base', i, i, i * 1.5 FROM generate_series(1, 20) AS i;
INSERT INTO cash SELECT i, 100 FROM generate_series(1, 20) AS i;
INSERT INTO debts SELECT i, 100 FROM generate_series(1, 20) AS i;
