// Makes every kind of call that the booking bot makes, through the real client library, and prints what came back.
// Usage: node supabase-calls.mjs PACKAGE URL
import ws from 'ws';

const [, , packageName, url] = process.argv;
const { createClient } = await import(packageName);
const db = createClient(url, 'service-key', {
  auth: { persistSession: false, autoRefreshToken: false },
  realtime: { transport: ws },
});

const company = 962302;
const results = {};

async function call(name, build) {
  const { data, error, count, status } = await build();
  results[name] = {
    status,
    data: data ?? null,
    count: count ?? null,
    error: error ? { code: error.code, message: error.message, details: error.details, hint: error.hint } : null,
  };
}

// Reads of the data layer.
await call('context', () => db.from('dialog_contexts').select('*').eq('user_id', '79191358025').single());
await call('context of a stranger', () => db.from('dialog_contexts').select('*').eq('user_id', 'nobody').single());
await call('client by phone', () => db.from('clients').select('*').eq('phone', '79007654321').single());
await call('client by id', () =>
  db.from('clients').select('*').eq('yclients_id', 151000085).eq('company_id', company).single());
await call('appointments', () =>
  db.from('appointments_cache').select('*').eq('client_id', 31).eq('company_id', company)
    .order('appointment_datetime', { ascending: false }).limit(100));
await call('upcoming', () =>
  db.from('appointments_cache').select('*').eq('client_id', 62).eq('company_id', company)
    .gte('appointment_datetime', new Date('2026-11-22T00:00:00Z').toISOString()).neq('status', 'cancelled')
    .order('appointment_datetime', { ascending: true }).limit(10));
await call('by name', () =>
  db.from('clients').select(`
      id,
      yclients_id,
      name
    `).eq('company_id', company).ilike('name', '%анна%').order('id').limit(100));
await call('schedules', () =>
  db.from('staff_schedules').select('*').eq('staff_id', 3413901).ilike('staff_name', '%Бар%')
    .gte('date', '2026-11-22').lte('date', '2026-11-30').eq('is_working', true)
    .order('date', { ascending: true }).order('staff_name', { ascending: true }).limit(100));
await call('services', () =>
  db.from('services').select('*').eq('company_id', company)
    .order('weight', { ascending: false, nullsLast: true }).order('title').eq('is_active', true));
await call('services, nulls last', () =>
  db.from('services').select('id,weight').order('weight', { ascending: false, nullsFirst: false }).order('id'));
await call('staff', () =>
  db.from('staff').select('*').eq('company_id', company).order('name').eq('is_active', true));
await call('company', () => db.from('companies').select('*').eq('company_id', company).single());
await call('company, maybe', () => db.from('companies').select('title').eq('company_id', company).maybeSingle());
await call('no company, maybe', () => db.from('companies').select('title').eq('company_id', 1).maybeSingle());
await call('two keys, maybe', () => db.from('whatsapp_keys').select('key_id').in('key_id', ['1', '2']).maybeSingle());
await call('health', () => db.from('companies').select('count').limit(1));
await call('any spelling', () =>
  db.from('clients').select('id,yclients_id,name').eq('company_id', company)
    .or('phone.eq.79007654321,phone.eq.+79007654321,phone.eq.89007654321').single());
await call('notification kinds', () =>
  db.from('booking_notifications').select('notification_type, sent_at').eq('yclients_record_id', 1430000037)
    .in('notification_type', ['reminder_day_before', 'reminder_2hours', 'with,comma', 'with (brackets)'])
    .order('sent_at', { ascending: false }));
await call('not null', () =>
  db.from('booking_notifications').select('yclients_record_id').not('yclients_record_id', 'is', null));
await call('records', () =>
  db.from('bookings').select('id, yclients_record_id, status')
    .in('yclients_record_id', Array.from({ length: 300 }, (_, n) => 1430000000 + n * 37)));
await call('count of clients', () => db.from('clients').select('*', { count: 'exact', head: true }));
await call('count of keys', () =>
  db.from('whatsapp_keys').select('*', { count: 'exact', head: true }).lt('expires_at', '2026-12-23T00:00:00.000Z'));
await call('rows with their count', () => db.from('services').select('id', { count: 'exact' }).order('id').limit(2));
await call('first page', () => db.from('clients').select('id').order('id').range(0, 999));
await call('second page', () => db.from('clients').select('id').order('id').range(1000, 1999));
await call('capped', () => db.from('clients').select('id').order('id'));
await call('no rows at all', () => db.from('visits').select('client_id').eq('company_id', company).limit(0));

// Writes.
await call('upsert of a context', () =>
  db.from('dialog_contexts').upsert({
    user_id: '79990000001@c.us', state: 'active', company_id: `${company}`, updated_at: new Date('2026-11-22T09:00:00Z'),
    data: { price: 1.5, nested: [['a'], null], absent: undefined }, messages: [{ role: 'user', content: 'Привет 👋 "да"' }],
  }, { onConflict: 'user_id' }).select().single());
await call('upsert of a context again', () =>
  db.from('dialog_contexts').upsert({ user_id: '79990000001@c.us', messages: [] }, { onConflict: 'user_id' })
    .select('user_id,state,messages').single());
await call('upsert of clients', () =>
  db.from('clients').upsert([
    { yclients_id: 151000017, company_id: company, name: 'Первая', phone: '79007654321', tags: ['a,b', 'c "d"', null] },
    { yclients_id: 999000001, company_id: company, name: 'Вторая', phone: '79990000001', last_services: ['x', ['y']] },
  ], { onConflict: 'yclients_id,company_id' }).select('yclients_id,name,phone,tags,last_services'));
await call('upsert without rows back', () =>
  db.from('sync_status').upsert({ table_name: 'clients', company_id: company, sync_status: 'completed' },
    { onConflict: 'table_name,company_id' }));
await call('upsert that ignores', () =>
  db.from('visits').upsert([{ company_id: company, yclients_record_id: 1420000001, client_phone: '1',
    visit_date: '2026-11-21', datetime: '2026-11-21T10:00:00' }],
  { onConflict: 'company_id,yclients_record_id', ignoreDuplicates: true }));
await call('upsert of keys', () =>
  db.from('whatsapp_keys').upsert(Array.from({ length: 100 }, (_, n) => ({
    company_id: `${company}`, key_type: 'session', key_id: `new-${n}`, value: { n, keys: [n] },
    updated_at: new Date('2026-11-22T09:00:00Z').toISOString(),
  })), { onConflict: 'company_id,key_type,key_id' }));
await call('insert', () =>
  db.from('webhook_events').insert({ event_id: 'new', event_type: 'x', company_id: company, payload: { a: [1.5] } }));
await call('insert with row back', () =>
  db.from('companies').insert({ company_id: 5, yclients_id: 5, title: 'Другой' }).select().single());
await call('insert of several', () =>
  db.from('messages').insert([{ company_id: 7, content: 'a' }, { company_id: 7, content: 'b', metadata: [1] }]));
await call('update', () =>
  db.from('bookings').update({ updated_at: '2026-11-22T09:15:30.123Z' }).eq('yclients_record_id', 1430000037));
await call('update of nothing', () => db.from('bookings').update({ status: 'x' }).eq('yclients_record_id', 1));
await call('update with row back', () =>
  db.from('companies').update({ whatsapp_config: { n: 0.1 } }).eq('company_id', company).select().single());
await call('delete', () =>
  db.from('whatsapp_keys').delete().eq('company_id', `${company}`).eq('key_type', 'session').eq('key_id', 'new-1'));
await call('delete with rows back', () =>
  db.from('whatsapp_keys').delete().lt('expires_at', '2026-12-22T13:00:00.000Z').select('company_id,key_type'));
await call('function', () => db.rpc('get_whatsapp_auth_stats'));
await call('function by name', () => db.rpc('cleanup_expired_whatsapp_keys'));

// What always failed, and must fail in the same way.
await call('fails: unknown table', () => db.from('vector_memories').select('content').eq('phone', '1'));
await call('fails: insert into an unknown table', () => db.from('critical_errors').insert({ message: 'x' }));
await call('fails: unknown column', () => db.from('bookings').select('status,price').eq('company_id', company));
await call('fails: filter on an unknown column', () => db.from('messages').select('created_at').eq('phone', '1'));
await call('fails: no relationship', () => db.from('bookings').select('*,clients(name,phone)').limit(1));
await call('fails: no unique key', () =>
  db.from('dialog_contexts').upsert({ user_id: '1', company_id: '1', messages: [] }, { onConflict: 'user_id,company_id' }));
await call('fails: one key twice', () =>
  db.from('sync_status').upsert([{ table_name: 'x', company_id: 1 }, { table_name: 'x', company_id: 1 }],
    { onConflict: 'table_name,company_id' }));
await call('fails: unknown function', () => db.rpc('search_memories', { query_embedding: [0.1], match_count: 5 }));
await call('fails: several rows where one is asked', () =>
  db.from('booking_notifications').select('id').eq('yclients_record_id', 1430000037).single());
await call('fails: duplicate', () =>
  db.from('webhook_events').insert({ event_id: 'record-7', event_type: 'x', company_id: company, payload: {} }));
await call('fails: no parent', () =>
  db.from('marketplace_events').insert({ company_id: 4711, salon_id: 1, event_type: 'x' }));
await call('fails: missing value', () => db.from('booking_notifications').insert({ phone: '1', notification_type: 'x' }));
await call('fails: too long', () =>
  db.from('booking_notifications').insert({ phone: '1'.repeat(30), notification_type: 'x', message: 'x' }));
await call('fails: wrong type', () => db.from('clients').select('id').eq('id', 'x'));

process.stdout.write(JSON.stringify(results));
process.exit(0);
