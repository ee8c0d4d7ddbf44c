package io.crossfade.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.ProxyProcess;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import io.crossfade.testing.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls that arrive together are each answered as if they were alone. */
class ManyCallsAtOnceTest {
    private static final int CALLS = 200;

    @RegisterExtension
    static final CrossfadeExtension crossfade = CrossfadeExtension.withBotData();

    @Test
    void readsAndWritesAtOnceAreAllDoneAndAnsweredWithTheirOwnRows() {
        List<CompletableFuture<RestResponse>> answers = IntStream.range(0, CALLS)
                .mapToObj(n -> mixedCall(crossfade.rest(), n).sendAsync())
                .toList();
        for (int n = 0; n < CALLS; n++) {
            RestResponse answer = answers.get(n).join();
            switch (n % 4) {
                case 0 -> answer.expectStatus(200).expectBody("{\"id\":" + (n + 1) + "}");
                case 1 -> answer.expectStatus(201).expectBody("");
                case 2 -> answer.expectStatus(200).expectBody("[{\"comment\":\"changed by " + n + "\"}]");
                default -> answer.expectError(406, "PGRST116");
            }
        }
        TestDatabase legacy = crossfade.legacy();
        assertThat(legacy.rows("SELECT content FROM messages WHERE company_id = 200 ORDER BY content::integer"))
                .isEqualTo(IntStream.range(0, CALLS)
                        .filter(n -> n % 4 == 1)
                        .mapToObj(Integer::toString)
                        .toList());
        assertThat(legacy.number("SELECT count(*) FROM bookings WHERE comment LIKE 'changed by %'"))
                .isEqualTo(38);
    }

    @Test
    void longAnswersAtOnceAreAllComplete() {
        assertThat(digestsOfLongAnswers(crossfade.rest())).hasSize(CALLS).containsOnly(expectedDigest());
    }

    @Test
    void aProxyWithLittleMemorySurvivesLongAnswersAtOnce() throws IOException {
        try (ProxyProcess proxy = ProxyProcess.start(crossfade.legacy(), "-Xmx256m", "-XX:+ExitOnOutOfMemoryError")) {
            assertThat(digestsOfLongAnswers(proxy.rest())).hasSize(CALLS).containsOnly(expectedDigest());
            proxy.rest().get("/clients?select=id&id=eq.1").expectStatus(200).expectBody("[{\"id\":1}]");
            assertThat(proxy.isAlive()).isTrue();
        }
    }

    private static RestClient.Request mixedCall(RestClient rest, int n) {
        return switch (n % 4) {
            case 0 -> rest.request("GET", "/clients?select=id&id=eq." + (n + 1)).single();
            case 1 -> rest.request("POST", "/messages").json("{\"company_id\":200,\"content\":\"" + n + "\"}");
            case 2 ->
                rest.request(
                                "PATCH",
                                "/bookings?select=comment&yclients_record_id=eq."
                                        + (1430000000 + (n / 4 % 38 + 1) * 37))
                        .prefer("return=representation")
                        .json("{\"comment\":\"changed by " + n + "\"}");
            default -> rest.request("GET", "/clients?select=id&id=in.(1,2)").single();
        };
    }

    private static List<String> digestsOfLongAnswers(RestClient rest) {
        HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(rest.base() + "/clients?select=*&order=id"))
                .timeout(Duration.ofSeconds(60))
                .build();
        return IntStream.range(0, CALLS)
                .mapToObj(n -> {
                    MessageDigest digest = sha256();
                    return http.sendAsync(
                                    request, BodyHandlers.ofByteArrayConsumer(chunk -> chunk.ifPresent(digest::update)))
                            .thenApply(answer -> answer.statusCode() + " " + hex(digest));
                })
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
    }

    private static String expectedDigest() {
        String body = crossfade
                .legacy()
                .value("SELECT json_agg(t)::text FROM (SELECT * FROM clients ORDER BY id LIMIT 1000) t");
        MessageDigest digest = sha256();
        digest.update(body.getBytes(StandardCharsets.UTF_8));
        return "200 " + hex(digest);
    }

    private static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
