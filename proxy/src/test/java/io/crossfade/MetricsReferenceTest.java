package io.crossfade;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.call.Operation;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.observation.MetricsObserver;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.AuthorityMoved;
import io.crossfade.observation.Observation.CallServed;
import io.crossfade.observation.Observation.CaptureSeen;
import io.crossfade.observation.Observation.ComparisonDropped;
import io.crossfade.observation.Observation.GuardrailBreached;
import io.crossfade.observation.Observation.GuardrailJudged;
import io.crossfade.observation.Observation.JournalMeasured;
import io.crossfade.observation.Observation.ReadCompared;
import io.crossfade.observation.Observation.ReplayProgress;
import io.crossfade.observation.Observation.Replayed;
import io.crossfade.observation.Observation.RetiredSideUsed;
import io.crossfade.observation.Observation.RowsGone;
import io.crossfade.observation.Observation.SideAnswer;
import io.crossfade.observation.Observation.SideHealth;
import io.crossfade.observation.Observation.WriteAcknowledged;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.RestClient;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page of the metrics, held against what a proxy publishes, both ways: name, kind and labels. */
class MetricsReferenceTest {
    @RegisterExtension
    static final CrossfadeExtension crossfade = CrossfadeExtension.withSql("CREATE TABLE clients (id int PRIMARY KEY)")
            .withBothSidesEqual();

    private static final Pattern ROW = Pattern.compile("\\| `([a-z0-9_]+)` \\| (\\w+) \\| ([^|]*)\\|.*");
    private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) (\\S+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-z0-9_]+?)\\{([^}]*)} .*");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"");

    /** One of each kind that metrics listen to. */
    private static final List<Observation> ALL = List.of(
            new CallServed(
                    "clients",
                    Operation.FIND_MANY,
                    Side.LEGACY,
                    Stage.OFF,
                    "stage",
                    null,
                    1,
                    new SideAnswer(Side.LEGACY, 1, 1, null)),
            new WriteAcknowledged("clients", WriteAcknowledged.Result.REPLAYED, 1),
            new SideHealth(Side.LEGACY, true, null),
            new Replayed("clients", Side.TARGET, 1, 1),
            new ReplayProgress("clients", Side.TARGET, 1, 0),
            new AuthorityMoved("clients", Side.TARGET, 1),
            new CaptureSeen("clients", Side.LEGACY, false, 1, 1),
            new JournalMeasured(Side.LEGACY, 1),
            new GuardrailJudged("clients", "errors", "good"),
            new GuardrailBreached("clients", "errors", "", GuardrailBreached.Action.ALARM),
            new ReadCompared(
                    "clients",
                    Operation.FIND_MANY,
                    Stage.SHADOW,
                    "shape",
                    ReadCompared.Verdict.MISMATCHED,
                    true,
                    List.of("value"),
                    List.of("id"),
                    new SideAnswer(Side.LEGACY, 1, 1, null),
                    new SideAnswer(Side.TARGET, 1, 1, null)),
            new ComparisonDropped("clients", "busy", null),
            new RowsGone("clients", "shape", Side.TARGET, 20),
            new RetiredSideUsed(Side.LEGACY, RetiredSideUsed.Use.READS, 1));

    @Test
    void everyMetricIsOnThePageWithItsKindAndItsLabelsAndThePageHasNoOther() throws IOException {
        PrometheusMeterRegistry told = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        MetricsObserver observer = new MetricsObserver(told);
        ALL.forEach(observer::observe);
        new RestClient(crossfade.url() + "/rest/v1").get("/clients").expectStatus(200);
        // So that a pause was measured.
        System.gc();
        Instant deadline = Instant.now().plusSeconds(60);
        while (!running().contains("jvm_gc_pause_seconds_count")) {
            assertThat(Instant.now()).as("a pause is told of").isBefore(deadline);
        }

        Map<String, String> published = described(running());
        published.putAll(described(told.scrape()));

        assertThat(published).isEqualTo(page());
    }

    @Test
    void namesThatNoDatabaseHasMakeNoLabel() {
        RestClient rest = crossfade.rest();
        rest.get("/made_up_by_a_caller").expectStatus(404);
        rest.get("/rpc/made_up_by_a_caller").expectStatus(404);
        rest.get("/clients?made_up_by_a_caller=eq.1").expectStatus(400);

        assertThat(running()).contains("repository=\"unknown\"").doesNotContain("made_up_by_a_caller");
    }

    private static String running() {
        return new RestClient("http://127.0.0.1:" + crossfade.proxy().adminPort())
                .get("/metrics")
                .expectStatus(200)
                .body();
    }

    /** Kind and labels by name; what a histogram brings with it belongs to it. */
    private static Map<String, String> described(String metrics) {
        Map<String, String> kinds = new HashMap<>();
        Map<String, Set<String>> labels = new TreeMap<>();
        metrics.lines().forEach(line -> {
            Matcher type = TYPE.matcher(line);
            if (type.matches()) {
                kinds.put(type.group(1), type.group(2));
            }
            Matcher sample = SAMPLE.matcher(line);
            if (sample.matches()) {
                Matcher label = LABEL.matcher(sample.group(2));
                while (label.find()) {
                    if (!label.group(1).equals("le")) {
                        labels.computeIfAbsent(base(sample.group(1)), name -> new TreeSet<>())
                                .add(label.group(1));
                    }
                }
            }
        });
        Map<String, String> described = new TreeMap<>();
        kinds.forEach((name, kind) -> {
            boolean maximum =
                    name.endsWith("_max") && isSpread(kinds.getOrDefault(name.substring(0, name.length() - 4), ""));
            if (!maximum) {
                Set<String> its = labels.getOrDefault(isSpread(kind) ? name : base(name), Set.of());
                described.put(name, kind + " " + String.join(" ", new TreeSet<>(its)));
            }
        });
        return described;
    }

    private static boolean isSpread(String kind) {
        return "histogram".equals(kind) || "summary".equals(kind);
    }

    private static String base(String name) {
        return name.replaceAll("_(bucket|count|sum)$", "");
    }

    private static Map<String, String> page() throws IOException {
        Map<String, String> page = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("../docs/reference/metrics.md"))) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                List<String> labels = new ArrayList<>(new TreeSet<>(
                        List.of(row.group(3).replace("`", "").strip().split("\\s+"))));
                labels.remove("");
                page.put(row.group(1), row.group(2) + " " + String.join(" ", labels));
            }
        }
        return page;
    }
}
