package io.crossfade.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.rollout.RolloutFixture;
import io.crossfade.work.RunningWork;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The document that describes the admin API, held against the API. */
class OpenApiTest {
    /** Files of the page, which are no part of the API. */
    private static final Set<String> PAGE = Stream.concat(Stream.of(""), Page.FILES.stream())
            .map(file -> "GET /" + file)
            .collect(Collectors.toSet());

    private final Vertx vertx = Vertx.vertx();
    private final AdminFixture fixture = new AdminFixture(vertx, observation -> {});
    private AdminClient admin;
    private JsonObject document;

    @BeforeEach
    void open() throws Exception {
        int port = fixture.open(RolloutFixture.twoSides(Map.of()).admin(), RolloutFixture.twoSides(Map.of()));
        admin = new AdminClient(port, RolloutFixture.TOKEN);
        document = admin.get("/api/openapi.json").json();
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void everyRouteIsDescribedAndNothingElse() {
        Set<String> mounted = new TreeSet<>();
        for (Route route : fixture.routes()) {
            if (route.getPath() != null && route.methods() != null) {
                route.methods()
                        .forEach(method ->
                                mounted.add(method + " " + route.getPath().replaceAll(":(\\w+)", "{$1}")));
            }
        }
        mounted.removeAll(PAGE);

        Set<String> described = new TreeSet<>();
        document.getJsonObject("paths")
                .forEach(path -> ((JsonObject) path.getValue())
                        .fieldNames()
                        .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey())));

        assertThat(described).isEqualTo(mounted);
    }

    @Test
    void answersHaveTheKeysThatAreDescribed() {
        RunningWork work = fixture.works().begin("rehearse", Set.of("shop"), "anna");
        work.step("hold");
        work.done("nothing was lost");

        assertDescribed("Status", admin.get("/api/status").json());
        assertDescribed("Instances", admin.get("/api/instances").json());
        assertDescribed("Repositories", admin.get("/api/repositories").json());
        assertDescribed("RepositoryNow", admin.get("/api/repositories/clients").json());
        assertDescribed(
                "ChangedRepository",
                admin.patch("/api/repositories/clients", "{\"stage\":\"dual-write\"}")
                        .json());
        assertDescribed("Session", admin.get("/api/session").json());
        assertDescribed("Operations", admin.get("/api/operations").json());
        assertDescribed("Operation", admin.get("/api/operations/" + work.id()).json());
        assertDescribed("Audit", admin.get("/api/audit").json());
        assertDescribed("Verification", admin.get("/api/audit/verify").json());
        assertDescribed("DeadLetters", admin.get("/api/dead-letters").json());
        assertDescribed("Reconciliation", admin.get("/api/reconciliation").json());
        assertDescribed("Mismatches", admin.get("/api/mismatches").json());
        assertDescribed("Pins", admin.get("/api/pins").json());
        assertDescribed("Statistics", admin.get("/api/statistics").json());
        assertDescribed("Evidence", admin.get("/api/evidence?since=48h").json());
        assertDescribed("Health", admin.get("/health/ready").json());
        assertDescribed("Problem", admin.get("/api/operations/none").json());
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        Set<String> names =
                document.getJsonObject("components").getJsonObject("schemas").fieldNames();
        List<String> references = new ArrayList<>();
        collect(document, references);

        assertThat(references)
                .isNotEmpty()
                .allSatisfy(reference -> assertThat(names).contains(reference));
    }

    private static void collect(Object node, List<String> references) {
        if (node instanceof JsonObject object) {
            object.forEach(entry -> {
                String value = String.valueOf(entry.getValue());
                if (entry.getKey().equals("$ref") && value.startsWith("#/components/schemas/")) {
                    references.add(value.substring("#/components/schemas/".length()));
                }
                collect(entry.getValue(), references);
            });
        } else if (node instanceof JsonArray array) {
            array.forEach(element -> collect(element, references));
        }
    }

    private void assertDescribed(String schema, JsonObject answer) {
        assertConforms(schema, new JsonObject().put("$ref", "#/components/schemas/" + schema), answer);
    }

    /** The keys of every object are those that are described, all the way down. */
    private void assertConforms(String where, JsonObject schema, Object value) {
        JsonObject resolved = resolved(schema);
        if (value instanceof JsonObject object) {
            JsonObject properties = resolved.getJsonObject("properties");
            if (properties == null) {
                JsonObject each = resolved.getJsonObject("additionalProperties", new JsonObject());
                object.forEach(entry -> assertConforms(where + ".*", each, entry.getValue()));
                return;
            }
            assertThat(object.fieldNames()).as(where).isEqualTo(properties.fieldNames());
            object.forEach(entry -> assertConforms(
                    where + "." + entry.getKey(), properties.getJsonObject(entry.getKey()), entry.getValue()));
        } else if (value instanceof JsonArray array) {
            assertThat(resolved.getString("type")).as(where).isEqualTo("array");
            array.forEach(element -> assertConforms(where + "[]", resolved.getJsonObject("items"), element));
        } else if (resolved.getJsonArray("enum") != null) {
            assertThat(resolved.getJsonArray("enum").contains(value)).as(where).isTrue();
        }
    }

    private JsonObject resolved(JsonObject schema) {
        String reference = schema.getString("$ref");
        if (reference != null) {
            String name = reference.substring(reference.lastIndexOf('/') + 1);
            return resolved(document.getJsonObject("components")
                    .getJsonObject("schemas")
                    .getJsonObject(name));
        }
        JsonArray all = schema.getJsonArray("allOf");
        if (all == null) {
            return schema;
        }
        JsonObject properties = new JsonObject();
        all.forEach(part -> properties.mergeIn(resolved((JsonObject) part).getJsonObject("properties"), true));
        return new JsonObject().put("properties", properties);
    }
}
