package io.crossfade.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.PostgrestServer;
import io.crossfade.testing.RestClient;
import io.crossfade.testing.TestDatabase;
import java.util.List;

/** Sends requests to Crossfade and to a real PostgREST on an equal database, and compares answers and tables. */
final class Comparison {
    private final RestClient crossfade;
    private final TestDatabase crossfadeDatabase;
    private final PostgrestServer postgrest;
    private final TestDatabase postgrestDatabase;
    private final VersionDifferences differences;

    Comparison(
            RestClient crossfade,
            TestDatabase crossfadeDatabase,
            PostgrestServer postgrest,
            TestDatabase postgrestDatabase,
            VersionDifferences differences) {
        this.crossfade = crossfade;
        this.crossfadeDatabase = crossfadeDatabase;
        this.postgrest = postgrest;
        this.postgrestDatabase = postgrestDatabase;
        this.differences = differences;
    }

    /** Fails unless both answer alike and change the same rows; afterwards both databases are as before. */
    void compare(Scenario scenario) {
        Answer observed = answer(scenario, postgrest.rest());
        Answer answered = answer(scenario, crossfade);
        Answer expected = differences.inVersion14(scenario, observed);
        List<String> expectedChanges = changes(scenario, postgrestDatabase);
        List<String> changes = changes(scenario, crossfadeDatabase);
        String request = request(scenario);
        if (!expected.body().equals(answered.body()) && expected.body().length() > 4_000) {
            assertThat(around(answered.body(), expected.body()))
                    .as("body, from shortly before the first difference, of %s", request)
                    .isEqualTo(around(expected.body(), answered.body()));
        }
        assertThat(VersionDifferences.comparable(answered, expected).toString())
                .as(request)
                .isEqualTo(VersionDifferences.comparable(expected, answered).toString());
        assertThat(changes).as("rows changed by %s", request).isEqualTo(expectedChanges);
    }

    private static Answer answer(Scenario scenario, RestClient rest) {
        Answer answer = Answer.of(scenario.send(rest));
        return scenario.writes() ? answer.withBody(FreshValues.mask(answer.body(), scenario)) : answer;
    }

    /** The changed rows of the tables that the call may change, which are then restored. */
    private static List<String> changes(Scenario scenario, TestDatabase database) {
        if (!scenario.writes()) {
            return List.of();
        }
        return scenario.tables().stream()
                .filter(table -> database.number("SELECT count(*) FROM pg_tables WHERE schemaname = 'pristine'"
                                + " AND tablename = '" + table + "'")
                        == 1)
                .flatMap(table -> {
                    List<String> rows = database.rows("SELECT pristine.changes('" + table + "')");
                    database.rows("SELECT pristine.restore('" + table + "')");
                    return rows.stream();
                })
                .map(row -> FreshValues.mask(row, scenario))
                .sorted()
                .toList();
    }

    private static String request(Scenario scenario) {
        String body = scenario.body() == null ? "" : "\n" + scenario.body();
        return scenario.method() + " " + scenario.path() + " " + scenario.headers() + body;
    }

    private static String around(String text, String other) {
        int at = 0;
        while (at < Math.min(text.length(), other.length()) && text.charAt(at) == other.charAt(at)) {
            at++;
        }
        return text.substring(Math.max(0, at - 100), Math.min(text.length(), at + 300));
    }
}
