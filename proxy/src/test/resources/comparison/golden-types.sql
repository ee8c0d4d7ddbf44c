-- One column of each type, named after it. Row 1 holds the edges; a planted difference changes one column of a row of its own.
CREATE TYPE mood AS ENUM ('плохо', 'хорошо', 'отлично');
CREATE DOMAIN rouble AS numeric(12, 2) CHECK (VALUE >= 0);
CREATE TYPE address AS (city text, house integer);
CREATE TABLE golden (
  id integer PRIMARY KEY,
  a_smallint smallint, a_integer integer, a_bigint bigint,
  a_numeric numeric, a_numeric_scaled numeric(20, 6), a_numeric_nan numeric,
  a_real real, a_double double precision, a_double_zero double precision, a_double_nan double precision,
  a_double_infinite double precision,
  a_boolean boolean, a_text text, a_varchar varchar(60), a_char char(12), a_name name,
  a_bytea bytea, a_bit bit(8), a_varbit varbit,
  a_date date, a_time time, a_timetz timetz, a_timestamp timestamp, a_timestamptz timestamptz, a_timestamptz_infinite timestamptz,
  a_interval interval, a_uuid uuid, a_money money,
  a_json json, a_json_duplicates json, a_jsonb jsonb, a_jsonb_big jsonb, a_jsonb_null jsonb,
  a_xml xml, a_tsvector tsvector, a_tsquery tsquery,
  a_inet inet, a_cidr cidr, a_macaddr macaddr, a_macaddr8 macaddr8,
  a_point point, a_line line, a_lseg lseg, a_box box, a_path path, a_polygon polygon, a_circle circle,
  a_int4range int4range, a_numrange numrange, a_tsrange tsrange, a_tstzrange tstzrange, a_daterange daterange,
  a_int8range int8range, a_int4multirange int4multirange,
  a_integer_array integer[], a_text_array text[], a_numeric_array numeric[], a_timestamptz_array timestamptz[], a_jsonb_array jsonb[],
  a_double_array double precision[],
  a_pg_lsn pg_lsn, a_oid oid,
  a_mood mood, a_rouble rouble, a_address address
);
INSERT INTO golden
SELECT n,
  -32768, 2147483647, 9223372036854775807,
  12345678901234567890123456789.000000000000000000001, 1.100000, 'NaN',
  1.1, 1.7976931348623157e308, '-0', 'NaN', '-Infinity',
  true, 'Ёжик "в" \тумане', 'варчар', 'чар', 'имя',
  '\x00ff10', B'10101010', B'101',
  '2026-03-29', '23:59:59.999999', '02:30:00.000001+03', '2026-03-29 02:30:00.123456', '2026-03-29 02:30:00.123456+02', 'infinity',
  '1 year 2 mons 3 days 04:05:06.789', '00000000-0000-0000-0000-00000000000a', '12.34',
  '{"b": 1,  "a": 2}', '{"a": 1, "a": 2}', '{"ключ": [1.0, null, "текст"]}', ('{"n": 1' || repeat('0', 2000) || '.5}')::jsonb, 'null',
  '<a>б</a>', 'кот:1 пёс:2', 'кот & пёс',
  '192.168.0.1/24', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05',
  '(1,2)', '{1,2,3}', '[(1,2),(3,4)]', '(3,4),(1,2)', '((1,2),(3,4))', '((1,2),(3,4),(5,6))', '<(1,2),3>',
  '[1,5)', '(1.5,2.50]', '[2026-01-01,2026-02-01)', '[2026-03-29 00:59:59+00,)', 'empty',
  '[1,)', '{[1,3),[5,7)}',
  '{1,NULL,3}', '{а,"б,в",NULL}', '{1.0,2.50}', '{2026-03-29 02:30:00+02}', ARRAY['{"a": 1}', 'null']::jsonb[],
  '{-0,1.5,NULL}',
  '16/B374D848', 4294967295,
  'отлично', 12.50, ROW ('Омск', 7)::address
FROM generate_series(1, 1200) AS n;
