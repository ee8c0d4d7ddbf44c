package io.crossfade.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.CrossfadeExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Java's own client offers each server to go on by HTTP/2. */
class OfferedUpgradeTest {
    @RegisterExtension
    static final CrossfadeExtension crossfade =
            CrossfadeExtension.withSql("CREATE TABLE items (id integer PRIMARY KEY)");

    @Test
    void aClientThatOffersHttp2IsAnsweredByHttp1() throws Exception {
        for (String url : new String[] {
            crossfade.url() + "/rest/v1/items",
            "http://127.0.0.1:" + crossfade.proxy().adminPort() + "/health/live"
        }) {
            HttpResponse<String> answer = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_2)
                    .build()
                    .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        }
    }
}
