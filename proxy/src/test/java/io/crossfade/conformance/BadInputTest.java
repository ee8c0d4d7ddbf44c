package io.crossfade.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crossfade.settings.RestSettings;
import io.crossfade.settings.Settings;
import io.crossfade.testing.CanIgnoreReturnValue;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.RawConnection;
import io.crossfade.testing.Scripts;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent, the answer is a clear error, the connection goes on, and the tables stay as they are. */
class BadInputTest {
    private static final int MAX_BODY = 1024 * 1024;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] NOTHING = new byte[0];
    private static final String AS_JSON = "Content-Type: application/json\r\n";

    @RegisterExtension
    static final CrossfadeExtension crossfade = CrossfadeExtension.withSql(
                    Scripts.read("/conformance/dialect.sql"), Scripts.read("/conformance/pristine.sql"))
            .configured(BadInputTest::withSmallBodies);

    private RawConnection connection;

    @BeforeEach
    void connect() throws IOException {
        connection = new RawConnection(crossfade.url());
    }

    @AfterEach
    void theTablesAreAsTheyWere() throws IOException {
        connection.close();
        assertThat(crossfade.legacy().rows("SELECT pristine.all_changes()")).isEmpty();
    }

    @AfterAll
    static void noTableIsMissingOrNew() {
        assertThat(crossfade.legacy().number("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
                .isEqualTo(
                        crossfade.legacy().number("SELECT count(*) - 1 FROM pg_tables WHERE schemaname = 'pristine'"));
    }

    static Stream<String> injections() {
        return Stream.of(
                "'; DROP TABLE items; --",
                "\"; DROP TABLE items; --",
                "1); DELETE FROM items; --",
                "1 OR 1=1",
                "id\" = 1 OR \"id",
                "$1",
                "?",
                "{0}",
                "\\'; DELETE FROM items; --",
                "/* */ DELETE FROM items",
                "pg_sleep(30)",
                "(SELECT pg_sleep(30))",
                "%s%n%d",
                "\u0000",
                "a\u0000b",
                "\ud83d\ude00",
                "\u202e\ufeff",
                "x".repeat(1000));
    }

    @ParameterizedTest
    @MethodSource("injections")
    void sqlWhereANameBelongsIsAnUnknownName(String sql) throws IOException {
        String name = encoded(sql);
        String quoted = encoded("\"" + sql.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        List<String> targets = new ArrayList<>(List.of(
                "/" + name,
                "/rpc/" + name,
                "/items?select=" + quoted,
                "/items?select=id::" + quoted,
                "/items?" + quoted + "=eq.1",
                "/items?or=(" + quoted + ".eq.1)",
                "/items?order=" + quoted,
                "/items?order=id." + name,
                "/items?id=" + name + ".1",
                "/items?id=is." + name,
                "/items?id=fts(" + name + ").x",
                "/items?select=id,items(" + quoted + ")",
                "/items?select=" + quoted + "(id)",
                "/items?select=id&limit=-1" + name + "&" + quoted + "=eq.1",
                "/rpc/add_numbers?" + quoted + "=1"));
        for (String target : targets) {
            RawConnection.Answer answer = expectRefused("GET", target, "", NOTHING);
            assertThat(answer.status()).as(target).isLessThan(500);
        }
        for (String target : List.of("/items?columns=" + quoted, "/items?on_conflict=" + quoted)) {
            expectRefused("POST", target, AS_JSON + "Prefer: resolution=merge-duplicates\r\n", utf8("{\"id\":1}"));
        }
        expectRefused("POST", "/items", AS_JSON, utf8("{" + JSON.writeValueAsString(sql) + ":1}"));
        expectRefused("PATCH", "/items?id=eq.1", AS_JSON, utf8("{" + JSON.writeValueAsString(sql) + ":1}"));
        expectRefused("POST", "/rpc/add_numbers", AS_JSON, utf8("{" + JSON.writeValueAsString(sql) + ":1}"));
        expectStillAnswers();
    }

    static Stream<String> injectionsThatLeaveAValue() {
        return injections().filter(sql -> !sql.equals("\u0000")); // PostgreSQL has no NUL: it is left out
    }

    @ParameterizedTest
    @MethodSource("injectionsThatLeaveAValue")
    void sqlWhereAValueBelongsIsOnlyAValue(String sql) throws IOException {
        String value = encoded(sql);
        String quoted = encoded("\"" + sql.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        for (String target : List.of(
                "/items?select=id&name=eq." + value,
                "/items?select=id&name=in.(" + quoted + ")",
                "/items?select=id&or=(name.eq." + quoted + ")",
                "/items?select=id&data->>" + quoted + "=eq.1",
                "/items?select=id&data->" + quoted + "->>x=eq." + value)) {
            RawConnection.Answer answer = connection.send("GET", "/rest/v1" + target, "", NOTHING);
            assertThat(answer.status())
                    .as("%s answered %s", target, answer.body())
                    .isEqualTo(200);
            assertThat(answer.body()).as(target).isEqualTo("[]");
        }
        for (String target : List.of(
                "/items?select=id&id=eq." + value,
                "/items?select=id&created=gte." + value,
                "/items?select=id&active=eq." + value,
                "/rpc/add_numbers?a=" + value)) {
            expectRefused("GET", target, "", NOTHING);
        }
        RawConnection.Answer said = connection.send(
                "POST",
                "/rest/v1/rpc/say_hello",
                AS_JSON,
                utf8("{\"name\":" + JSON.writeValueAsString(sql.replace("\u0000", "")) + "}"));
        assertThat(JSON.readTree(said.body()).asText()).isEqualTo("Hello, " + sql.replace("\u0000", ""));
        expectStillAnswers();
    }

    @ParameterizedTest
    @MethodSource("injections")
    void sqlInAHeaderHasNoEffect(String sql) throws IOException {
        String header = new String(utf8(sql.replace("\u0000", "")), StandardCharsets.ISO_8859_1);
        expectRefused("GET", "/items?select=id", "Accept-Profile: " + header + "\r\n", NOTHING);
        expectRefused("POST", "/items", AS_JSON + "Content-Profile: " + header + "\r\n", utf8("{\"id\":1}"));
        for (String name : List.of("Prefer", "Range", "X-Client-Info", "Range-Unit")) {
            RawConnection.Answer answer =
                    connection.send("GET", "/rest/v1/items?select=id&id=eq.1", name + ": " + header + "\r\n", NOTHING);
            assertThat(answer.status()).as("%s: %s", name, answer.body()).isIn(200, 400);
        }
        RawConnection.Answer zone = connection.send(
                "GET", "/rest/v1/items?select=id&id=eq.1", "Prefer: timezone=" + header + "\r\n", NOTHING);
        assertThat(zone.status()).as(zone.body()).isIn(200, 400);
        expectStillAnswers();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/items?id=",
                "/items?id=eq",
                "/items?id=.",
                "/items?id=..",
                "/items?id=not",
                "/items?id=not.",
                "/items?id=not.not.eq.1",
                "/items?id=eq().1",
                "/items?id=eq(some).{1}",
                "/items?id=in.",
                "/items?id=in.(",
                "/items?id=in.1,2",
                "/items?id=in.(1,2",
                "/items?id=is.",
                "/items?id=is.nul",
                "/items?or=",
                "/items?or=(",
                "/items?or=)",
                "/items?or=((((((((((",
                "/items?or=(and(or(id.eq.1,)))",
                "/items?and=(id.eq.1,,id.eq.2)",
                "/items?select=id(",
                "/items?select=)",
                "/items?select=id,(name)",
                "/items?select=data->>",
                "/items?select=...",
                "/items?select=a:b:c:d",
                "/items?select=%22id",
                "/items?order=.",
                "/items?order=id..asc",
                "/items?order=,",
                "/items?data->=eq.1",
                "/items?data->>=eq.1",
                "/items?data->x->>=eq.1",
                "/items?%22id=eq.1",
                "/items?name=match.%5B",
                "/items?qty=eq.1e999999999",
                "/items?span=ov.%5B1,",
                "/items?tags=cs.%7B",
                "/items?data=cs.%7B%22",
            })
    void aMalformedQueryIsRefusedAsABadRequest(String target) throws IOException {
        assertThat(expectRefused("GET", target, "", NOTHING).status()).isEqualTo(400);
        expectStillAnswers();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "{",
                "}",
                "[",
                "[{]",
                "{\"id\"}",
                "{\"id\":}",
                "{\"id\":1,}",
                "[{\"id\":1},]",
                "{'id':1}",
                "{id:1}",
                "nul",
                "{\"id\":1}{\"id\":2}",
                "{\"id\":01}",
                "{\"id\":1e}",
                "{\"id\":\"\\x\"}",
                "{\"id\":\"\\u12\"}",
                "\"",
                "{\"id\":NaN}",
                "{\"name\":\"tab\there\"}",
                "\ufeff{\"id\":",
                "[[1]",
                "<xml/>",
                "id=1"
            })
    void aBodyThatIsNoJsonIsRefusedAsABadRequest(String body) throws IOException {
        for (String target : List.of("/items", "/items?columns=id", "/rpc/add_numbers")) {
            assertThat(expectRefused("POST", target, AS_JSON, utf8(body)).status())
                    .as("%s to %s", body, target)
                    .isIn(400, 404);
        }
        assertThat(expectRefused("PATCH", "/items?id=eq.1", AS_JSON, utf8(body)).status())
                .isEqualTo(400);
        expectStillAnswers();
    }

    @Test
    void deeplyNestedJsonIsRefusedOrStoredButNeverFatal() throws IOException {
        for (String nested :
                List.of("[".repeat(100_000), "{\"a\":".repeat(100_000), "[".repeat(100_000) + "]".repeat(100_000))) {
            expectRefused("POST", "/items", AS_JSON, utf8(nested));
        }
        expectRefused("GET", "/items?or=" + "(or".repeat(1_500), "", NOTHING);
        expectRefused("GET", "/items?or=(" + "and(".repeat(800) + "id.eq.x" + ")".repeat(801), "", NOTHING);
        expectStillAnswers();
    }

    @Test
    void bytesThatAreNoUtf8AreRefusedOrReplaced() throws IOException {
        expectRefused("POST", "/items", AS_JSON, new byte[] {'{', '"', (byte) 0xff, (byte) 0xfe, '"', ':', '1', '}'});
        expectRefused("POST", "/items", AS_JSON, new byte[] {(byte) 0xc3, (byte) 0x28});
        RawConnection.Answer value = connection.send("GET", "/rest/v1/items?select=id&name=eq.%ff%fe", "", NOTHING);
        assertThat(value.status()).as(value.body()).isIn(200, 400);
        expectRefused("GET", "/items?select=%ff", "", NOTHING);
        expectRefused("GET", "/%ff%fe", "", NOTHING);
        expectStillAnswers();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/items?name=eq.%", "/items?name=eq.%4", "/items?name=eq.%zz", "/items?%=eq.1", "/%zz", "/it%ems"
            })
    void aBrokenPercentEncodingIsNoServerError(String target) throws IOException {
        RawConnection.Answer answer = connection.send("GET", "/rest/v1" + target, "", NOTHING);
        assertThat(answer.status()).as(answer.body()).isIn(200, 400, 404);
        reconnectIf(answer.closes());
        expectStillAnswers();
    }

    @Test
    void aBodyOverTheLimitIsTooLarge() throws IOException {
        byte[] body = utf8("{\"id\":100,\"name\":\"" + "x".repeat(MAX_BODY + 1) + "\"}");
        RawConnection.Answer answer = connection.send("POST", "/rest/v1/items", AS_JSON, body);
        assertThat(answer.status()).isEqualTo(413);
        expectErrorBody(answer);
        reconnectIf(true);
        expectStillAnswers();
    }

    @Test
    void aBodyInChunksOverTheLimitIsTooLarge() throws IOException {
        StringBuilder chunks = new StringBuilder();
        for (int sent = 0; sent <= MAX_BODY; sent += 65_536) {
            chunks.append("10000\r\n").append("x".repeat(65_536)).append("\r\n");
        }
        chunks.append("0\r\n\r\n");
        RawConnection.Answer answer = connection.send(
                "POST", "/rest/v1/items", AS_JSON + "Transfer-Encoding: chunked\r\n\r\n" + chunks, NOTHING);
        assertThat(answer.status()).isEqualTo(413);
        reconnectIf(true);
        expectStillAnswers();
    }

    @Test
    void aUrlOf16KibIsAnsweredAndAFarLongerOneIsTooLong() throws IOException {
        String list = "1,".repeat(8_000) + "1";
        RawConnection.Answer fits =
                connection.send("GET", "/rest/v1/items?select=id&id=in.(" + list + ")", "", NOTHING);
        assertThat(fits.status()).isEqualTo(200);
        assertThat(fits.body()).isEqualTo("[{\"id\":1}]");
        RawConnection.Answer tooLong =
                connection.send("GET", "/rest/v1/items?id=in.(" + "1,".repeat(500_000) + "1)", "", NOTHING);
        assertThat(tooLong.status()).isEqualTo(414);
        reconnectIf(true);
        expectStillAnswers();
    }

    @Test
    void headersThatAreFarTooLargeAreRefused() throws IOException {
        RawConnection.Answer answer = connection.send(
                "GET", "/rest/v1/items?select=id", "X-Long: " + "x".repeat(1_000_000) + "\r\n", NOTHING);
        assertThat(answer.status()).isEqualTo(431);
        reconnectIf(true);
        expectStillAnswers();
    }

    @Test
    void whatIsNoHttpIsRefusedWithoutHarm() throws IOException {
        for (String method : List.of("GARBAGE", "get", "TRACE")) {
            RawConnection.Answer answer = connection.send(method, "/rest/v1/items", "", NOTHING);
            assertThat(answer.status()).as(method).isBetween(400, 499);
            reconnectIf(answer.closes());
        }
        expectStillAnswers();
    }

    @Test
    void anUnfinishedBodyHoldsUpNobodyElse() throws IOException {
        try (RawConnection other = new RawConnection(crossfade.url())) {
            connection.sendOnly(
                    "POST /rest/v1/items HTTP/1.1\r\nHost: x\r\n" + AS_JSON + "Content-Length: 100\r\n\r\n{\"id\":");
            RawConnection.Answer answer = other.send("GET", "/rest/v1/items?select=id&id=eq.1", "", NOTHING);
            assertThat(answer.body()).isEqualTo("[{\"id\":1}]");
        }
    }

    /** Expects a 4xx answer with an error in JSON, on a connection that goes on. */
    @CanIgnoreReturnValue
    private RawConnection.Answer expectRefused(String method, String target, String headers, byte[] body)
            throws IOException {
        RawConnection.Answer answer = connection.send(method, "/rest/v1" + target, headers, body);
        assertThat(answer.status())
                .as("%s %s answered %s", method, target, answer.body())
                .isBetween(400, 499);
        expectErrorBody(answer);
        reconnectIf(answer.closes());
        return answer;
    }

    private static void expectErrorBody(RawConnection.Answer answer) throws IOException {
        JsonNode error = JSON.readTree(answer.body());
        assertThat(error.path("code").asText()).as(answer.body()).isNotEmpty();
        assertThat(error.path("message").asText()).as(answer.body()).isNotEmpty();
        assertThat(error.has("details") && error.has("hint")).as(answer.body()).isTrue();
    }

    private void expectStillAnswers() throws IOException {
        RawConnection.Answer answer = connection.send("GET", "/rest/v1/items?select=id&id=eq.1", "", NOTHING);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("[{\"id\":1}]");
    }

    private void reconnectIf(boolean closed) throws IOException {
        if (closed) {
            connection.close();
            connection = new RawConnection(crossfade.url());
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Settings withSmallBodies(Settings settings) {
        RestSettings rest = settings.rest();
        return new Settings(
                settings.legacy(),
                settings.target(),
                new RestSettings(
                        rest.host(),
                        rest.port(),
                        rest.schemas(),
                        rest.extraSearchPath(),
                        rest.maxRows(),
                        rest.serviceKeys(),
                        MAX_BODY),
                settings.admin(),
                settings.repositories(),
                settings.pins());
    }
}
