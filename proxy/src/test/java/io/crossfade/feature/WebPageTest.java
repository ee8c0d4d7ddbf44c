package io.crossfade.feature;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.settings.RestSettings;
import io.crossfade.settings.Settings;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.RestResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a page in somebody's browser may do: nothing that it has no key for. */
class WebPageTest {
    private static final String TABLE = "CREATE TABLE items (id integer PRIMARY KEY); INSERT INTO items VALUES (1)";

    @RegisterExtension
    static final CrossfadeExtension open = CrossfadeExtension.withSql(TABLE);

    @RegisterExtension
    static final CrossfadeExtension locked = CrossfadeExtension.withSql(TABLE).configured(WebPageTest::withKey);

    @Test
    void whereEveryoneIsAcceptedAWebPageIsNot() {
        RestResponse written = open.rest()
                .request("POST", "/items")
                .header("Origin", "https://example.org")
                .body("{\"id\":2}")
                .send();
        assertThat(written.status()).isEqualTo(403);
        assertThat(open.legacy().number("SELECT count(*) FROM items")).isEqualTo(1);
        open.rest().get("/items").expectStatus(200);
    }

    @Test
    void withItsKeyAWebPageIsServed() {
        RestResponse read = locked.rest()
                .request("GET", "/items?select=id")
                .header("Origin", "https://example.org")
                .header("apikey", "page-key")
                .send();
        assertThat(read.expectStatus(200).header("Access-Control-Allow-Origin")).isEqualTo("*");
    }

    @Test
    void withoutItsKeyNobodyIsServed() {
        assertThat(locked.rest().get("/items").status()).isEqualTo(401);
        assertThat(locked.rest()
                        .request("GET", "/items")
                        .header("apikey", "page-kex")
                        .send()
                        .status())
                .isEqualTo(401);
    }

    private static Settings withKey(Settings settings) {
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
                        List.of("page-key"),
                        rest.maxBodySize()),
                settings.admin(),
                settings.repositories(),
                settings.pins());
    }
}
