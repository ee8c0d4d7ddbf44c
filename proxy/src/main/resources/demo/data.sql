-- Made-up rows in the volumes that the bot has. Every value follows from the number of its row: no clock, no random
-- source, no dependence on time zone or collation, so that databases loaded from this file hold equal rows.
-- "Today" is 2026-11-22; the salon is company 962302.

SET TimeZone = 'UTC';

-- A die with this many sides whose throw depends on what it is thrown for and on the row alone.
CREATE FUNCTION pg_temp.roll(what text, n bigint, sides integer) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
  SELECT (('x' || substr(md5(what || ':' || n), 1, 8))::bit(32)::bigint % sides)::integer
$$;

CREATE FUNCTION pg_temp.pick(what text, n bigint, choices text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT choices[1 + pg_temp.roll(what, n, cardinality(choices))]
$$;

CREATE FUNCTION pg_temp.uuid_of(what text, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT md5(what || ':' || n)::uuid
$$;

-- 7654321 has no factor in common with 10^9, so no two clients share a phone.
CREATE FUNCTION pg_temp.phone(client bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT '79' || lpad((client * 7654321 % 1000000000)::text, 9, '0')
$$;

CREATE FUNCTION pg_temp.client_name(client bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT pg_temp.pick('first name', client,
           '{Анна,Мария,Елена,Ольга,Наталья,Юлия,Ирина,Дарья,Сергей,Алексей,Дмитрий,Андрей,Артём,Пётр,Фёдор,Зоя}')
      || CASE WHEN pg_temp.roll('has surname', client, 4) = 0 THEN '' ELSE ' ' || pg_temp.pick('surname', client,
           '{Шевченко,Гончар,Лысенко,Ким,Черных,Седых,Дурново,Живаго,Пастернак,Мороз,"Римская-Корсак",О’Коннор}') END
$$;

CREATE FUNCTION pg_temp.service_title(service bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT ('{Стрижка мужская,Стрижка машинкой,Детская стрижка,Стрижка женская,Стрижка чёлки,Вечерняя укладка,
            Окрашивание корней,Сложное окрашивание,Тонирование,Уход для волос,Ботокс для волос,Пилинг кожи головы,
            Маникюр,Педикюр,Снятие покрытия,Коррекция бровей,Окрашивание бровей,Ламинирование ресниц,
            Моделирование бороды,Бритьё,Камуфляж седины}'::text[])[(service - 1) / 3 + 1]
      || ('{""," у топ-мастера"," + подарок «Чай, кофе»"}'::text[])[(service - 1) % 3 + 1]
$$;

CREATE FUNCTION pg_temp.staff_name(member bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT ('{Бари,Сергей,Рамзан,Мадина,Али,Зулейха,Тимур,Лейла,Артём,Жанна,Ильдар,Ася}'::text[])[member]
$$;

INSERT INTO companies (company_id, yclients_id, title, address, phone, email, website, working_hours, coordinate_lat,
    coordinate_lon, created_at, updated_at, last_sync_at, raw_data, whatsapp_enabled, whatsapp_config,
    integration_status, whatsapp_connected, whatsapp_phone, whatsapp_connected_at, connected_at)
VALUES (962302, 962302, 'Салон «Перекрёсток»', 'Москва, Малаховка, Южная ул., 38', '+7 900 000-00-00',
    'salon@example.com', null, '{"mon-fri": "10:00-22:00", "sat": "10:00-20:00"}', 55.6462230, 38.0085000,
    '2025-07-01 07:00:00.123456+00', '2026-11-21 21:30:00.5+00', '2026-11-22 01:00:00+00',
    '{"id": 962302, "rating": 4.90, "deposit": 1.50, "ledger": 12345678901234567890, "nothing": null, "emoji": "💈",
      "quotes": "он сказал: \"да\"", "schedule": [[1, 2], [], [null]], "social": {"vk": "https://example.com/a?b=c&d"}}',
    true, '{"provider": "baileys", "retry": {"times": 3, "wait": 0.50}}', 'active', true, '79000000000',
    '2025-07-02 10:00:00+03', '2025-07-01 07:00:00+00');

INSERT INTO clients (yclients_id, name, phone, raw_phone, email, discount, company_id, branch_ids, tags, status,
    created_at, updated_at, visit_count, total_spent, first_visit_date, last_visit_date, last_services, visit_history,
    preferences, last_sync_at, loyalty_level, client_segment, average_bill, last_service_ids, favorite_staff_ids,
    preferred_time_slots, notes, created_by_ai, last_ai_interaction, ai_context, ai_messages_count,
    ai_satisfaction_score, services_amount, goods_amount, goods_purchases, goods_count)
SELECT 151000000 + n * 17, pg_temp.client_name(n), pg_temp.phone(n), '+' || pg_temp.phone(n),
    CASE WHEN pg_temp.roll('email', n, 3) = 0 THEN 'client' || n || '@example.com' END,
    pg_temp.roll('discount', n, 3) * 5, 962302,
    CASE WHEN n % 11 = 0 THEN null ELSE array[962302, 962302 + n % 3] END,
    CASE WHEN n % 7 = 0 THEN array['VIP', null, 'с "кавычками", и \'] WHEN n % 5 = 0 THEN array['новый'] ELSE '{}' END,
    pg_temp.pick('status', n, '{active,active,lost,null}'),
    timestamp '2025-07-01 09:00' + n * interval '7 hours 13 minutes 0.123456 seconds',
    timestamp '2026-11-21 03:00' + n * interval '0.231 seconds',
    visits, visits * 1850.50, date '2025-07-01' + (n % 300)::integer,
    CASE WHEN visits > 0 THEN date '2026-11-21' - pg_temp.roll('last visit', n, 200) END,
    CASE WHEN visits > 0 THEN jsonb_build_array(pg_temp.service_title(1 + n % 63)) ELSE '[]' END,
    (SELECT coalesce(jsonb_agg(jsonb_build_object(
         'date', date '2026-11-21' - visit * 23, 'cost', (1500 + pg_temp.roll('cost', n * 100 + visit, 4000)) * 1.00,
         'staff', pg_temp.staff_name(1 + (n + visit) % 12), 'services',
         jsonb_build_array(pg_temp.service_title(1 + (n + visit) % 63)), 'record_id', 1420000000 + n * 100 + visit)
         ORDER BY visit), '[]')
     FROM generate_series(1, visits) AS visit),
    CASE WHEN n % 4 = 0 THEN '{"drink": "чай", "silent": true, "tip": 1.50}' ELSE '{}' END::jsonb,
    timestamp '2026-11-22 03:00' + n * interval '0.231 seconds',
    CASE WHEN visits > 9 THEN 'VIP' WHEN visits > 6 THEN 'Gold' WHEN visits > 3 THEN 'Silver' ELSE 'Bronze' END,
    CASE WHEN visits > 3 THEN 'Regular' ELSE 'New' END,
    CASE WHEN visits > 0 THEN 1850.50 ELSE 0 END,
    CASE WHEN visits > 0 THEN array[18356000 + n % 63, 18356000 + n % 7] ELSE '{}' END,
    array[3413900 + n % 12 + 1], array['10:00-12:00', '18:00-20:00'],
    CASE WHEN pg_temp.roll('notes', n, 9) = 0 THEN E'Просит тишину.\nНе звонить до 10:00' END,
    n % 13 = 0, CASE WHEN n % 3 = 0 THEN timestamp '2026-11-20 12:00' - n * interval '1 hour' END,
    CASE WHEN n % 6 = 0 THEN '{"score": 0.10, "ledger": 98765432109876543210, "last": null}' ELSE '{}' END::jsonb,
    pg_temp.roll('messages', n, 40), CASE WHEN n % 8 = 0 THEN 4.50 END, visits * 1850.50, (n % 4) * 990.00,
    CASE WHEN n % 4 > 0 THEN jsonb_build_array(jsonb_build_object('title', 'Шампунь', 'amount', n % 4, 'price', 990.00))
         ELSE '[]' END,
    (n % 4)::integer
FROM (SELECT n, pg_temp.roll('visits', n, 12) AS visits FROM generate_series(1::bigint, 1299) AS n) AS client;

INSERT INTO services (yclients_id, company_id, title, category_id, category_title, price_min, price_max, duration,
    seance_length, is_active, description, weight, created_at, updated_at, last_sync_at, raw_data, image_url,
    declensions)
SELECT 18356000 + n, 962302, pg_temp.service_title(n), (n - 1) / 9 + 1,
    ('{Мужской зал,Женский зал,Окрашивание,Уход,Ногтевой сервис,Брови и ресницы,Борода}'::text[])[(n - 1) / 9 + 1],
    500 + n * 50, CASE WHEN n % 5 > 0 THEN 700 + n * 55.50 END, 1800 + n % 5 * 900, 1800 + n % 5 * 900, n % 16 > 0,
    CASE WHEN n % 2 = 0 THEN 'Включает консультацию' END, CASE WHEN n % 9 > 0 THEN (n % 7)::integer END,
    '2025-07-01 09:00', '2026-11-22 01:00', '2026-11-22 01:00',
    jsonb_build_object('id', 18356000 + n, 'title', pg_temp.service_title(n), 'price', 500.00 + n * 50, 'tax', 1.50,
        'barcode', 12345678901234567890 + n, 'staff', jsonb_build_array(3413900 + n % 12 + 1)),
    CASE WHEN n % 3 = 0 THEN 'https://example.com/services/' || n || '.jpg' END,
    CASE WHEN n % 4 > 0 THEN jsonb_build_object('nominative', pg_temp.service_title(n), 'genitive', null) END
FROM generate_series(1::bigint, 63) AS n;

INSERT INTO staff (yclients_id, company_id, name, specialization, position, is_active, rating, votes_count,
    comments_count, avatar_url, information, service_ids, phone, experience_years, level_name, created_at, updated_at,
    last_sync_at, raw_data, declensions)
SELECT 3413900 + n, 962302, pg_temp.staff_name(n), pg_temp.pick('craft', n, '{Барбер,Стилист,Колорист,Мастер маникюра}'),
    CASE WHEN n % 5 > 0 THEN 'мастер' END, n < 12, CASE WHEN n % 4 > 0 THEN 4.50 + (n % 5) * 0.10 END,
    pg_temp.roll('votes', n, 200), pg_temp.roll('comments', n, 50), 'https://example.com/staff/' || n || '.jpg', null,
    array(SELECT (18356000 + service)::integer FROM generate_series(n, 63, 12) AS service),
    CASE WHEN n % 2 = 0 THEN '+7900111000' || n % 10 END, n % 9, pg_temp.pick('level', n, '{Мастер,Топ-мастер,Стажёр}'),
    '2025-07-01 09:00', '2026-11-22 02:00', '2026-11-22 02:00',
    jsonb_build_object('id', 3413900 + n, 'rating', 4.50, 'fired', 0, 'hidden', n % 12 = 0),
    jsonb_build_object('nominative', pg_temp.staff_name(n), 'prepositional', 'у ' || pg_temp.staff_name(n))
FROM generate_series(1::bigint, 12) AS n;

-- Twelve members, nine days from today on: 108 schedules.
INSERT INTO staff_schedules (staff_id, staff_name, date, is_working, work_start, work_end, working_hours, last_updated,
    has_booking_slots)
SELECT 3413900 + n, pg_temp.staff_name(n), date '2026-11-22' + day, works, CASE WHEN works THEN time '10:00' END,
    CASE WHEN works THEN time '22:00' END, CASE WHEN works THEN '[{"to": "22:00", "from": "10:00"}]'::jsonb END,
    '2026-11-22 05:00', works AND (n + day) % 5 > 0
FROM generate_series(1::bigint, 12) AS n, generate_series(0, 8) AS day, LATERAL (SELECT (n + day) % 4 > 1) AS shift (works)
ORDER BY n, day;

INSERT INTO bookings (id, yclients_record_id, company_id, client_phone, client_name, client_yclients_id, staff_id,
    staff_name, services, service_ids, datetime, date, duration, cost, prepaid, status, visit_attendance, comment,
    online, record_hash, created_at, updated_at, synced_at, created_by_bot)
SELECT pg_temp.uuid_of('booking', n), 1430000000 + n * 37, 962302, pg_temp.phone(n * 31), pg_temp.client_name(n * 31),
    151000000 + n * 31 * 17, 3413900 + n % 12 + 1, pg_temp.staff_name(n % 12 + 1),
    array[pg_temp.service_title(n), pg_temp.service_title(63 - n)], array[18356000 + n, 18356063 - n],
    moment, moment::date, 3600, 1500 + n * 50.50, CASE WHEN n % 6 = 0 THEN 500 ELSE 0 END, 'active', n % 3 - 1,
    CASE WHEN n % 7 = 0 THEN 'Первый раз, "волнуется"' END, n % 2 = 0, md5('record' || n), '2026-11-15 12:00',
    '2026-11-22 08:59:30.25', '2026-11-22 09:00', n % 4 = 0
FROM generate_series(1::bigint, 38) AS n,
    LATERAL (SELECT timestamp '2026-11-22 10:00' + n / 8 * interval '1 day' + n % 8 * interval '90 minutes') AS slot (moment);

INSERT INTO dialog_contexts (id, user_id, data, messages, created_at, updated_at, client_id, company_id, last_activity,
    message_count, last_booking_id, context_metadata)
SELECT pg_temp.uuid_of('dialog', n), pg_temp.phone(n * 25) || CASE WHEN n % 2 = 0 THEN '@c.us' ELSE '' END,
    jsonb_build_object('selectedService', pg_temp.service_title(n), 'price', 1.50, 'time', null),
    jsonb_build_array(
        jsonb_build_object('role', 'user', 'content', 'Здравствуйте! Можно записаться?', 'at', 1763802000000 + n),
        jsonb_build_object('role', 'assistant', 'content', E'Добрый день 👋\nНа какое время?', 'at', 1763802005500 + n)),
    '2026-11-01 10:00:00.5+03', timestamptz '2026-11-22 08:00:00.654321+00' - n * interval '1 hour',
    CASE WHEN n % 3 > 0 THEN n * 25 END, '962302', timestamptz '2026-11-22 08:00:00+00' - n * interval '1 hour',
    2, CASE WHEN n < 39 AND n % 2 = 0 THEN 1430000000 + n * 37 END, '{"channel": "whatsapp", "weights": [0.10, 1.50]}'
FROM generate_series(1::bigint, 50) AS n;

INSERT INTO messages (id, company_id, client_phone, direction, content, message_type, status, created_at, metadata)
SELECT pg_temp.uuid_of('message', n), 962302, pg_temp.phone(n * 25), CASE WHEN n % 2 = 0 THEN 'outgoing' ELSE 'incoming' END,
    pg_temp.pick('text', n, '{Здравствуйте,"А можно завтра, после 18?",Спасибо!,"Отмените, пожалуйста"}'), 'text',
    'delivered', timestamp '2026-11-22 08:00' - n * interval '11 minutes',
    CASE WHEN n % 3 > 0 THEN jsonb_build_object('latency', 5.50, 'tokens', n * 100) END
FROM generate_series(1::bigint, 50) AS n;

INSERT INTO actions (id, company_id, client_phone, action_type, action_data, status, created_at, executed_at)
SELECT pg_temp.uuid_of('action', n), 962302, pg_temp.phone(n * 25), 'create_booking',
    jsonb_build_object('record_id', 1430000000 + n * 37, 'price', 1500.00), 'done', timestamp '2026-11-22 08:00' - n * interval '1 hour',
    CASE WHEN n % 4 > 0 THEN timestamp '2026-11-22 08:00:02' - n * interval '1 hour' END
FROM generate_series(1::bigint, 20) AS n;

INSERT INTO reminders (client_id, record_id, appointment_datetime, day_before_sent, day_before_sent_at, status, metadata,
    created_at, updated_at)
SELECT n * 31, 1430000000 + n * 37, timestamp '2026-11-22 10:00' + n * interval '90 minutes', n % 2 = 0,
    CASE WHEN n % 2 = 0 THEN timestamp '2026-11-21 19:00' END, 'pending', '{"attempt": 1}', '2026-11-20 09:00', '2026-11-21 19:00'
FROM generate_series(1::bigint, 20) AS n;

INSERT INTO appointments_cache (yclients_record_id, client_id, company_id, service_id, staff_id, appointment_datetime,
    status, cost, paid_amount, attendance, visit_length, comment, is_cancelled, cancellation_reason, sms_before,
    created_at, updated_at, synced_at, raw_data)
SELECT 1430000000 + n * 37, n * 31, 962302, 18356000 + n, 3413900 + n % 12 + 1,
    timestamp '2026-11-22 10:00' + n / 8 * interval '1 day' + n % 8 * interval '90 minutes',
    CASE WHEN n % 9 = 0 THEN 'cancelled' ELSE 'confirmed' END, 1500 + n * 50.50, CASE WHEN n % 4 = 0 THEN 500.00 ELSE 0 END,
    n % 3 - 1, 3600, null, n % 9 = 0, CASE WHEN n % 9 = 0 THEN 'клиент' END, CASE WHEN n % 2 = 0 THEN 24 END,
    '2026-11-15 12:00', '2026-11-22 09:00', '2026-11-22 09:00',
    jsonb_build_object('id', 1430000000 + n * 37, 'paid_full', 1.50, 'visit', 12345678901234567890 + n)
FROM generate_series(1::bigint, 38) AS n;

INSERT INTO booking_notifications (id, yclients_record_id, phone, notification_type, message, whatsapp_message_id, sent_at,
    delivered_at, error, company_id, created_at)
SELECT pg_temp.uuid_of('notification', n), 1430000000 + booking * 37, pg_temp.phone(booking * 31),
    ('{booking_created,reminder_day_before,reminder_2hours}'::text[])[kind],
    pg_temp.client_name(booking * 31) || ', ждём вас! Мастер ' || pg_temp.staff_name(booking % 12 + 1),
    '3EB0' || upper(substr(md5('wa' || n), 1, 16)), sent, CASE WHEN n % 10 > 0 THEN sent + interval '2.5 seconds' END,
    CASE WHEN n % 10 = 0 THEN 'timeout' END, 962302, sent
FROM generate_series(1::bigint, 38) AS booking, generate_series(1, 2) AS kind,
    LATERAL (SELECT (booking - 1) * 2 + kind, timestamp '2026-11-20 12:00' + booking * interval '31 minutes' + kind * interval '9 hours') AS notification (n, sent);

INSERT INTO booking_states (id, yclients_record_id, company_id, attendance, datetime, services, staff_id, staff_name,
    client_phone, client_name, price, last_attendance, last_datetime, last_services, last_staff_id, created_at, updated_at,
    last_checked_at)
SELECT pg_temp.uuid_of('state', n), (1430000000 + n * 37)::text, 962302, n % 3 - 1,
    timestamp '2026-11-22 10:00' + n * interval '90 minutes', jsonb_build_array(pg_temp.service_title(n)), 3413900 + n % 12 + 1,
    pg_temp.staff_name(n % 12 + 1), pg_temp.phone(n * 31), pg_temp.client_name(n * 31), 1500 + n * 50.50, null, null, null, null,
    '2026-11-15 12:00', '2026-11-22 09:00', '2026-11-22 09:00'
FROM generate_series(1::bigint, 38) AS n;

INSERT INTO visits (id, yclients_visit_id, yclients_record_id, company_id, client_id, client_phone, client_name,
    client_yclients_id, staff_id, staff_name, staff_yclients_id, services, service_names, service_ids, services_cost,
    visit_date, visit_time, datetime, duration, total_cost, paid_amount, tips_amount, payment_status, payment_method,
    rating, source, created_at, updated_at, synced_at)
SELECT pg_temp.uuid_of('visit', n), 1200000000 + n, 1420000000 + n, 962302, client, pg_temp.phone(client),
    pg_temp.client_name(client), 151000000 + client * 17, n % 12 + 1, pg_temp.staff_name(n % 12 + 1), 3413900 + n % 12 + 1,
    jsonb_build_array(jsonb_build_object('title', pg_temp.service_title(n % 63 + 1), 'cost', 1500.50, 'amount', 1)),
    array[pg_temp.service_title(n % 63 + 1)], array[18356000 + n % 63 + 1], 1500.50, moment::date, moment::time, moment, 3600,
    1500.50, 1500.50, n % 4 * 50, 'paid', pg_temp.pick('payment', n, '{card,cash}'),
    CASE WHEN n % 3 = 0 THEN 5 END, 'yclients', '2026-11-22 04:00', '2026-11-22 04:00', '2026-11-22 04:00'
FROM generate_series(1::bigint, 200) AS n,
    LATERAL (SELECT 1 + pg_temp.roll('visitor', n, 1299), timestamp '2026-11-21 20:00' - n * interval '5 hours') AS visit (client, moment);

INSERT INTO webhook_events (id, event_id, event_type, company_id, record_id, payload, processed_at, created_at)
SELECT pg_temp.uuid_of('webhook', n), 'record-' || n, 'record.' || pg_temp.pick('event', n, '{create,update,delete}'), 962302,
    1430000000 + n * 37, jsonb_build_object('resource_id', 1430000000 + n * 37, 'sum', 1.50),
    CASE WHEN n % 5 > 0 THEN timestamp '2026-11-22 07:00:01' + n * interval '1 minute' END, timestamp '2026-11-22 07:00' + n * interval '1 minute'
FROM generate_series(1::bigint, 30) AS n;

INSERT INTO sync_status (table_name, company_id, last_sync_at, sync_status, records_processed, sync_duration_ms)
VALUES ('clients', 962302, '2026-11-22 03:00', 'completed', 1299, 312000),
       ('services', 962302, '2026-11-22 01:00', 'completed', 63, 2100),
       ('staff', 962302, '2026-11-22 02:00', 'completed', 12, 900),
       ('schedules', 962302, '2026-11-22 05:00', 'completed', 108, 3400),
       ('visits', 962302, '2026-11-22 04:00', 'completed', 200, 41000);

INSERT INTO company_sync_status (company_id, last_sync_at, last_sync_success, clients_synced, services_synced, staff_synced,
    bookings_synced, created_at, updated_at)
VALUES (962302, '2026-11-22 05:00', true, 1299, 63, 12, 38, '2025-07-01 09:00', '2026-11-22 05:00');

INSERT INTO marketplace_events (company_id, salon_id, event_type, event_data, created_at)
SELECT 1, 962302, kind, jsonb_build_object('step', step, 'sum', 1.50), timestamptz '2025-07-01 07:00:00.123456+00' + step * interval '1 minute'
FROM unnest('{registration_started,qr_shown,whatsapp_connected}'::text[]) WITH ORDINALITY AS event (kind, step);

INSERT INTO marketplace_tokens (company_id, salon_id, token_type, token, expires_at, created_at, updated_at)
VALUES (1, 962302, 'user', 'demo-token', '2027-07-01 00:00:00+00', '2025-07-01 07:00:00+00', '2025-07-01 07:00:00+00');

INSERT INTO whatsapp_auth (company_id, creds, created_at, updated_at)
VALUES ('962302', '{"me": {"id": "79000000000:1@s.whatsapp.net"}, "noiseKey": {"type": "Buffer", "data": "AAEC/w=="},
    "registrationId": 12345678901234567890, "weight": 1.50, "accountSyncCounter": 0}',
    '2025-11-06 12:00:00+00', '2026-11-22 08:58:00.123+00');

INSERT INTO whatsapp_keys (company_id, key_type, key_id, value, created_at, updated_at, expires_at)
SELECT '962302', pg_temp.pick('key type', n, '{pre-key,session,sender-key,app-state-sync-key}'), n::text,
    jsonb_build_object('public', md5('public' || n), 'private', md5('private' || n), 'counter', n * 1.50,
        'chains', jsonb_build_array(jsonb_build_object('index', n % 7))),
    timestamptz '2025-11-06 12:00:00+00' + n * interval '1 minute', timestamptz '2026-11-21 12:00:00.5+00' + n * interval '1 minute',
    CASE WHEN n % 3 = 0 THEN timestamptz '2026-12-22 12:00:00+00' + n * interval '1 minute' END
FROM generate_series(1::bigint, 728) AS n;
