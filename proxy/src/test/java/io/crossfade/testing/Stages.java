package io.crossfade.testing;

import io.crossfade.Crossfade;
import io.crossfade.migration.Stage;

/** Brings a repository forward stage by stage, past every gate, for tests that are about something else. */
public final class Stages {
    private static final String PAST_GATES = ",\"override\":true,\"reason\":\"this test is not about gates\"}";

    private Stages() {}

    /** Moves it to that stage; one that is there, or further, stays. The answer is that of the last move. */
    @CanIgnoreReturnValue
    public static RestResponse forward(Crossfade proxy, String repository, Stage stage) {
        RestResponse seen = send(proxy, "GET", repository, null);
        Stage now = Stage.byLabel(seen.json().path("stage").asText()).orElseThrow();
        for (Stage next : Stage.values()) {
            if (next.compareTo(now) > 0 && next.compareTo(stage) <= 0) {
                seen = move(proxy, repository, next).expectStatus(200);
            }
        }
        return seen;
    }

    /** Tries one move past the gates. */
    public static RestResponse move(Crossfade proxy, String repository, Stage stage) {
        return send(proxy, "PATCH", repository, "{\"stage\":\"" + stage.label() + "\"" + PAST_GATES);
    }

    private static RestResponse send(Crossfade proxy, String method, String repository, String body) {
        RestClient.Request request = new RestClient("http://127.0.0.1:" + proxy.adminPort() + "/api")
                .request(method, "/repositories/" + repository)
                .header("Authorization", "Bearer " + CrossfadeExtension.ADMIN_TOKEN);
        return body == null ? request.send() : request.json(body).send();
    }
}
