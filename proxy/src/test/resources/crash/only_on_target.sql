ALTER TABLE staff ADD COLUMN only_here text DEFAULT 'new';
UPDATE staff SET only_here = 'kept ' || id;
ALTER TABLE shops ADD COLUMN seen_at timestamptz DEFAULT '2026-01-01';
