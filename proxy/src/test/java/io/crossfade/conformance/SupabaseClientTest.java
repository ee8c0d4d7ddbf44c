package io.crossfade.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.NodeTools;
import io.crossfade.testing.Scripts;
import io.crossfade.testing.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The client library of the booking bot, unmodified, gets from Crossfade what is in the database: in the version that the
 * bot pinned, and in the newest one.
 */
class SupabaseClientTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @RegisterExtension
    static final CrossfadeExtension crossfade =
            CrossfadeExtension.withBotData().andSql(Scripts.read("/conformance/pristine.sql"));

    private static String pinned;
    private static String newest;
    private static List<String> changesOfPinned;
    private static List<String> changesOfNewest;

    @BeforeAll
    static void callWithBothVersions() {
        pinned = run("@supabase/supabase-js");
        changesOfPinned = changesAndRestore();
        newest = run("supabase-js-newest");
        changesOfNewest = changesAndRestore();
    }

    private static String run(String version) {
        return NodeTools.run(Map.of(), "supabase-calls.mjs", version, crossfade.url());
    }

    private static List<String> changesAndRestore() {
        TestDatabase legacy = crossfade.legacy();
        List<String> changes = legacy.rows("SELECT pristine.all_changes()").stream()
                .map(row -> FreshValues.mask(row, ""))
                .sorted()
                .toList();
        legacy.rows("SELECT pristine.restore(tablename::text) FROM pg_tables WHERE schemaname = 'public'");
        return changes;
    }

    @Test
    void bothVersionsOfTheClientGetTheSame() {
        assertThat(FreshValues.mask(newest, "")).isEqualTo(FreshValues.mask(pinned, ""));
    }

    @Test
    void bothVersionsOfTheClientChangeTheSameRows() {
        assertThat(changesOfNewest).isEqualTo(changesOfPinned).hasSizeGreaterThan(100);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "appointments | SELECT count(*) FROM appointments_cache WHERE client_id = 31",
                "upcoming | SELECT count(*) FROM appointments_cache WHERE client_id = 62 AND status <> 'cancelled'",
                "by name | SELECT count(*) FROM clients WHERE name ILIKE '%анна%'",
                "schedules | SELECT count(*) FROM staff_schedules WHERE staff_id = 3413901 AND is_working",
                "services | SELECT count(*) FROM services WHERE is_active",
                "staff | SELECT count(*) FROM staff WHERE is_active",
                "notification kinds | SELECT count(*) FROM booking_notifications WHERE yclients_record_id = 1430000037 AND notification_type LIKE 'reminder%'",
                "not null | SELECT count(*) FROM booking_notifications WHERE yclients_record_id IS NOT NULL",
                "records | SELECT count(*) FROM bookings",
                "second page | SELECT count(*) - 1000 FROM clients",
                "capped | SELECT 1000",
                "no rows at all | SELECT 0",
            })
    void aListHasAsManyRowsAsTheDatabase(String call, String query) {
        assertThat(result(call).path("status").asInt()).isEqualTo(200);
        assertThat((long) result(call).path("data").size())
                .isEqualTo(crossfade.legacy().number(query));
    }

    @ParameterizedTest
    @CsvSource({"count of clients,clients", "rows with their count,services"})
    void aCountIsThatOfTheDatabase(String call, String table) {
        assertThat(result(call).path("count").asLong())
                .isEqualTo(crossfade.legacy().number("SELECT count(*) FROM " + table));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "context | SELECT row_to_json(t) FROM dialog_contexts t WHERE user_id = '79191358025'",
                "client by phone | SELECT row_to_json(t) FROM clients t WHERE phone = '79007654321'",
                "client by id | SELECT row_to_json(t) FROM clients t WHERE yclients_id = 151000085",
                "company | SELECT row_to_json(t) FROM companies t",
                "company, maybe | SELECT json_build_object('title', title) FROM companies",
                "any spelling | SELECT json_build_object('id', id, 'yclients_id', yclients_id, 'name', name) FROM clients WHERE phone = '79007654321'",
                "services | SELECT json_agg(t ORDER BY weight DESC, title) FROM services t WHERE is_active",
                "services, nulls last | SELECT json_agg(json_build_object('id', id, 'weight', weight) ORDER BY weight DESC NULLS LAST, id) FROM services",
            })
    void aRowIsThatOfTheDatabase(String call, String query) {
        assertThat(result(call).path("data"))
                .isEqualTo(asJavaScriptReads(crossfade.legacy().value(query)));
    }

    @ParameterizedTest
    @CsvSource({
        "context of a stranger,406,PGRST116",
        "fails: several rows where one is asked,406,PGRST116",
        "fails: unknown table,404,PGRST205",
        "fails: insert into an unknown table,404,PGRST205",
        "fails: unknown column,400,42703",
        "fails: filter on an unknown column,400,42703",
        "fails: no relationship,400,PGRST200",
        "fails: no unique key,400,42P10",
        "fails: one key twice,500,21000",
        "fails: unknown function,404,PGRST202",
        "fails: duplicate,409,23505",
        "fails: no parent,409,23503",
        "fails: missing value,400,23502",
        "fails: too long,400,22001",
        "fails: wrong type,400,22P02",
    })
    void anErrorHasTheCodeThatTheBotActsOn(String call, int status, String code) {
        assertThat(result(call).path("error").path("code").asText()).isEqualTo(code);
        assertThat(result(call).path("status").asInt()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "upsert of a context,201",
        "upsert of a context again,200",
        "upsert of clients,201",
        "upsert without rows back,200",
        "upsert of keys,201",
        "insert,201",
        "insert with row back,201",
        "insert of several,201",
        "update,204",
        "update of nothing,204",
        "update with row back,200",
        "delete,204",
        "delete with rows back,200",
        "function,200",
        "function by name,200",
    })
    void aWriteSucceedsWithTheStatusThatTheBotKnows(String call, int status) {
        assertThat(result(call).path("error").isNull())
                .as(result(call).toString())
                .isTrue();
        assertThat(result(call).path("status").asInt()).isEqualTo(status);
    }

    @Test
    void aClientSeesTheValuesThatItWrote() {
        JsonNode clients = result("upsert of clients").path("data");
        assertThat(clients.path(0).path("tags").toString()).isEqualTo("[\"a,b\",\"c \\\"d\\\"\",null]");
        assertThat(clients.path(1).path("last_services").toString()).isEqualTo("[\"x\",[\"y\"]]");
        JsonNode context = result("upsert of a context").path("data");
        assertThat(context.path("messages").path(0).path("content").asText()).isEqualTo("Привет 👋 \"да\"");
        assertThat(context.path("data").toString()).isEqualTo("{\"price\":1.5,\"nested\":[[\"a\"],null]}");
    }

    @Test
    void moreRowsThanOneAreAnErrorOfTheClientItself() {
        assertThat(result("two keys, maybe").path("error").path("code").asText())
                .isEqualTo("PGRST116");
        assertThat(result("no company, maybe").path("data").isNull()).isTrue();
        assertThat(result("no company, maybe").path("error").isNull()).isTrue();
    }

    private static JsonNode result(String call) {
        try {
            JsonNode result = JSON.readTree(newest).path(call);
            assertThat(result.isMissingNode()).as(call).isFalse();
            return result;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(newest, e);
        }
    }

    /** JavaScript keeps neither the scale of a number nor more than 15 digits. */
    private static JsonNode asJavaScriptReads(String json) {
        return read(NodeTools.run(Map.of("JSON", json), "reprint.mjs"));
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(json, e);
        }
    }
}
