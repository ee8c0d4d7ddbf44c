package io.crossfade.conformance;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.PostgrestServer;
import io.crossfade.testing.TestDatabase;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A real PostgREST on a copy of the database behind a Crossfade; the same calls go to both. */
final class Oracle implements BeforeAllCallback, AfterAllCallback {
    private final CrossfadeExtension crossfade;
    private final List<String> scripts;
    private final String schemas;
    private final VersionDifferences differences = new VersionDifferences();
    private TestDatabase copy;
    private PostgrestServer postgrest;

    Oracle(CrossfadeExtension crossfade, List<String> scripts, String schemas) {
        this.crossfade = crossfade;
        this.scripts = scripts;
        this.schemas = schemas;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        copy = PostgresServers.legacy().database(scripts);
        postgrest = PostgrestServer.start(copy, schemas, 1_000);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (postgrest != null) {
            postgrest.close();
        }
        if (copy != null) {
            copy.drop();
        }
    }

    /** One test for each request of a file. */
    Stream<DynamicTest> tests(String resource) {
        Comparison comparison = new Comparison(crossfade.rest(), crossfade.legacy(), postgrest, copy, differences);
        return Scenario.read(resource).stream()
                .map(scenario -> dynamicTest(scenario.title(), () -> comparison.compare(scenario)));
    }

    /** The differences between the versions that were met so far. */
    Set<String> met() {
        return differences.met();
    }
}
