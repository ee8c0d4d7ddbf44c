package io.crossfade.demo;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** The calls that the bot makes, each by the name of what it is for. Their values fit the rows in {@code data.sql}. */
final class BotCalls {
    static final long COMPANY = 962_302;
    private static final String ALL = "*";
    private static final String THIS_COMPANY = "eq." + COMPANY;

    private BotCalls() {}

    static BotRequest booking(int recordId) {
        return BotRequest.readOne("bookings", "select", ALL, "yclients_record_id", "eq." + recordId);
    }

    /** The monitor writes this every minute for each booking, changed or not. */
    static BotRequest bookingSeen(int recordId) {
        return BotRequest.update(
                "bookings", new JsonObject().put("updated_at", now()).encode(), "yclients_record_id", "eq." + recordId);
    }

    static BotRequest notifications(int recordId) {
        return BotRequest.read(
                "booking_notifications",
                "select",
                ALL,
                "yclients_record_id",
                "eq." + recordId,
                "sent_at",
                "gte.2026-11-20T00:00:00.000Z",
                "order",
                "sent_at.desc");
    }

    static BotRequest reminders(int recordId) {
        return BotRequest.read(
                "booking_notifications",
                "select",
                "notification_type,sent_at",
                "yclients_record_id",
                "eq." + recordId,
                "notification_type",
                "in.(reminder_day_before,reminder_2hours)",
                "order",
                "sent_at.desc");
    }

    static BotRequest oldBookingsGone() {
        return BotRequest.delete("bookings", "date", "lt.2026-11-01");
    }

    static BotRequest company() {
        return BotRequest.readOne("companies", "select", ALL, "company_id", THIS_COMPANY);
    }

    static BotRequest clientByPhone(String phone) {
        return BotRequest.readOne("clients", "select", ALL, "phone", "eq." + phone);
    }

    static BotRequest services() {
        return BotRequest.read(
                "services",
                "select",
                ALL,
                "company_id",
                THIS_COMPANY,
                "order",
                "weight.desc,title.asc",
                "is_active",
                "eq.true");
    }

    static BotRequest staff() {
        return BotRequest.read(
                "staff", "select", ALL, "company_id", THIS_COMPANY, "order", "name.asc", "is_active", "eq.true");
    }

    static BotRequest schedules() {
        return BotRequest.read(
                "staff_schedules",
                "select",
                ALL,
                "date",
                "gte.2026-11-22",
                "date",
                "lte.2026-11-24",
                "is_working",
                "eq.true",
                "order",
                "date.asc,staff_name.asc",
                "limit",
                "100");
    }

    static BotRequest dialog(String user) {
        return BotRequest.readOne("dialog_contexts", "select", ALL, "user_id", "eq." + user);
    }

    static BotRequest dialogSaved(String user, String words) {
        JsonObject context = new JsonObject()
                .put("user_id", user)
                .put("state", "active")
                .put("data", new JsonObject().put("lastWords", words))
                .put(
                        "messages",
                        new JsonArray().add(new JsonObject().put("role", "user").put("content", words)))
                .put("company_id", String.valueOf(COMPANY))
                .put("last_activity", now())
                .put("updated_at", now());
        return BotRequest.upsertOne("dialog_contexts", context.encode(), "on_conflict", "user_id", "select", ALL);
    }

    /** Of the nightly sync: one client after the other. */
    static BotRequest clientSynced(long number, String name, String phone) {
        JsonObject client = new JsonObject()
                .put("yclients_id", 151_000_000 + number * 17)
                .put("company_id", COMPANY)
                .put("name", name)
                .put("phone", phone)
                .put("last_services", new JsonArray().add("Стрижка"))
                .put("last_sync_at", now())
                .put("updated_at", now());
        return BotRequest.upsert("clients", client.encode(), "on_conflict", "yclients_id,company_id");
    }

    static BotRequest syncRecorded(String table, int rows) {
        JsonObject status = new JsonObject()
                .put("table_name", table)
                .put("company_id", COMPANY)
                .put("last_sync_at", now())
                .put("sync_status", "completed")
                .put("records_processed", rows)
                .putNull("error_message");
        return BotRequest.upsert("sync_status", status.encode(), "on_conflict", "table_name,company_id");
    }

    static BotRequest keys(List<String> ids) {
        String list = "in.(" + String.join(",", ids) + ")";
        return BotRequest.read(
                "whatsapp_keys",
                "select",
                "key_id,value",
                "company_id",
                THIS_COMPANY,
                "key_type",
                "eq.session",
                "key_id",
                list);
    }

    static BotRequest keysSaved(List<String> ids, int counter) {
        JsonArray keys = new JsonArray();
        for (String id : ids) {
            keys.add(new JsonObject()
                    .put("company_id", String.valueOf(COMPANY))
                    .put("key_type", "session")
                    .put("key_id", id)
                    .put("value", new JsonObject().put("counter", counter).put("chain", new JsonArray().add(id)))
                    .put("updated_at", now()));
        }
        return BotRequest.upsert(
                "whatsapp_keys",
                keys.encode(),
                "on_conflict",
                "company_id,key_type,key_id",
                "columns",
                "\"company_id\",\"key_type\",\"key_id\",\"value\",\"updated_at\"");
    }

    static BotRequest keysCounted() {
        return BotRequest.count("whatsapp_keys", "select", ALL);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
