-- One column for every built-in type that may be stored, with the values that go wrong first.

CREATE TYPE colour AS ENUM ('red', 'GREEN', 'light blue', 'синий');
CREATE DOMAIN percent AS integer CHECK (VALUE BETWEEN 0 AND 100);
CREATE DOMAIN label AS varchar(20);
CREATE TYPE place AS (street text, number integer, tags text[]);

CREATE TABLE kinds (
  id integer PRIMARY KEY,
  c_smallint smallint, c_integer integer, c_bigint bigint,
  c_numeric numeric, c_numeric_scale numeric(12,4), c_real real, c_double double precision, c_money money,
  c_boolean boolean,
  c_text text, c_varchar varchar(30), c_char char(5), c_char1 "char", c_name name, c_bytea bytea,
  c_bit bit(4), c_varbit bit varying(8),
  c_date date, c_time time, c_time3 time(3), c_timetz timetz, c_timestamp timestamp, c_timestamptz timestamptz, c_interval interval,
  c_uuid uuid, c_json json, c_jsonb jsonb, c_jsonpath jsonpath, c_xml xml,
  c_inet inet, c_cidr cidr, c_macaddr macaddr, c_macaddr8 macaddr8,
  c_point point, c_line line, c_lseg lseg, c_box box, c_path path, c_polygon polygon, c_circle circle,
  c_int4range int4range, c_int8range int8range, c_numrange numrange, c_tsrange tsrange, c_tstzrange tstzrange, c_daterange daterange,
  c_int4multirange int4multirange,
  c_tsvector tsvector, c_tsquery tsquery,
  c_enum colour, c_percent percent, c_label label, c_place place,
  c_ints integer[], c_bigints bigint[], c_numerics numeric[], c_texts text[], c_bools boolean[], c_grid integer[][], c_dates date[],
  c_timestamps timestamptz[], c_uuids uuid[], c_jsonbs jsonb[], c_enums colour[], c_places place[], c_doubles double precision[],
  c_regclass regclass, c_oid oid, c_lsn pg_lsn
);

INSERT INTO kinds VALUES
  (1, 1, 2, 3, 1.50, 2.5, 0.1, 0.1, 1.50, true, 'plain', 'varchar', 'ab', 'x', 'name', '\x00ff10', '1010', '101',
   '2026-01-01', '10:00', '10:00:00.1239', '10:00:00+03', '2026-01-01 10:00', '2026-01-01 10:00:00+03', '1 day 02:03:04',
   '00000000-0000-4000-8000-00000000000a', '{"b" : 1,"a":[1,  2]}', '{"b" : 1,"a":[1,  2]}', '$.a[*] ? (@ > 1)', '<a b="c"/>',
   '192.168.0.1/24', '192.168.0.0/24', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05',
   '(1,2.5)', '{1,2,3}', '[(0,0),(1,1)]', '((0,0),(1,1))', '[(0,0),(1,1)]', '((0,0),(1,1),(1,0))', '<(0,0),1.5>',
   '[1,5)', '[1,5]', '[1.50,2)', '[2026-01-01,2026-01-02)', '[2026-01-01 00:00+00,)', '(,2026-01-01)', '{[1,3),[5,7)}',
   'a:1 fat:2,4 cat:3A', 'fat & !rat', 'red', 50, 'label', '("Main, street",5,"{a,""b c""}")',
   '{1,2,NULL}', '{9007199254740993}', '{1.50,NaN}', '{a,"b,c","d\"e","f\\g",NULL,"NULL",""}', '{t,f,NULL}', '{{1,2},{3,4}}', '{2026-01-01}',
   '{"2026-01-01 10:00:00+00"}', '{00000000-0000-4000-8000-00000000000a}', ARRAY['{"a":1.50}', 'null']::jsonb[], '{red,"light blue",синий}',
   ARRAY[ROW('a',1,'{}')::place, NULL], '{0.1,Infinity,-0}', 'kinds', 4294967295, '16/B374D848'),
  (2, -32768, -2147483648, -9223372036854775808, 12345678901234567890123456789.123456789, -99999999.9999, 1e-37, 1e308, -92233720368547758.08, false,
   E'tab\t quote" back\\slash \n newline \r \u0001 😀', 'Привет, мир', 'ы', '', 'ё', '', '0000', '',
   '0001-01-01', '00:00', '23:59:59.9999', '00:00:00-12', '0001-01-01 00:00', '4713-01-01 00:00:00+00 BC', '-1 year -2 mons +3 days -04:05:06.789',
   'ffffffff-ffff-ffff-ffff-ffffffffffff', '"text"', '"te\"xt\u044f"', 'strict $', '',
   '::1', '::/0', 'ff:ff:ff:ff:ff:ff', 'ff:ff:ff:ff:ff:ff:ff:ff',
   '(-0,1e300)', '{-1,0,0}', '((1,1),(1,1))', '((1,1),(0,0))', '((0,0),(1,1))', '((0,0))', '<(1,1),0>',
   'empty', '(,)', '(,1.5]', 'empty', '[2026-01-01 00:00+00,infinity]', '[-infinity,)', '{}',
   '', '', 'light blue', 0, '', '(,,)', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{NaN}', NULL, 0, '0/0'),
  (3, 32767, 2147483647, 9223372036854775807, 'NaN', 0, 'NaN', 'Infinity', 92233720368547758.07, NULL,
   '', ' padded ', '     ', 'я', NULL, '\xdeadbeef', '1111', '11111111',
   'infinity', '24:00', NULL, '24:00:00+00', 'infinity', '-infinity', '178000000 years',
   NULL, '{"a":1, "a":2, "big": 123456789012345678901234567890.50}', '{"a":1, "a":2, "big": 123456789012345678901234567890.50, "e": 1e400}', NULL, NULL,
   NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'синий', 100, 'кириллица', NULL,
   '[0:1]={5,6}', NULL, NULL, ARRAY['{', '}', ' ', E'\n']::text[], NULL, NULL, '{infinity,-infinity}', NULL, NULL, ARRAY['[1,"x,y"]']::jsonb[], NULL, NULL, NULL, NULL, NULL, NULL),
  (4, NULL, NULL, NULL, '-0.000', 1e-4, '-0', '-0', 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
   '5874897-12-31', '10:00:00.000001', '10:00:00.5', '10:00:00.1+05:30', '294276-12-31 23:59:59.999999', '1883-11-18 12:00:00+00', 'PT0.000001S',
   NULL, 'null', 'null', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
   NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{1e308,-1e-308,4.9e-324}', NULL, NULL, NULL),
  (5, NULL, NULL, NULL, 'Infinity', NULL, '3.4028235e38', '4.9e-324', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
   NULL, NULL, NULL, '[]', '[[], {}, "", 0, -0, 1E5, 0.10, true, null]', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
   NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
