package io.crossfade.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

class ExampleFileTest {
    private static final Path EXAMPLE = Path.of("../config/crossfade.example.yaml");
    private static final Path REFERENCE = Path.of("../docs/reference/configuration.md");
    private static final Map<String, String> ENVIRONMENT =
            Map.of("CROSSFADE_LEGACY_URL", "postgres://crossfade@db.example/shop", "CROSSFADE_ADMIN_TOKEN", "sesame");

    private final Path folder;

    ExampleFileTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void theExampleHoldsTheDefaults() throws Exception {
        Settings example = SettingsLoader.load(EXAMPLE, ENVIRONMENT, false).settings();
        Settings defaults = SettingsLoader.load(null, ENVIRONMENT, false).settings();

        assertThat(example).usingRecursiveComparison().isEqualTo(defaults);
        assertThat(example.legacy())
                .usingRecursiveComparison()
                .isEqualTo(SideSettings.at(example.legacy().connection()));
        assertThat(example.rest()).isEqualTo(RestSettings.DEFAULTS);
        assertThat(example.admin()).isEqualTo(new AdminSettings("127.0.0.1", 8081, "sesame"));
        assertThat(example.target()).isNull();
    }

    @Test
    void theExampleIsValidWithEveryLineUncommented() throws Exception {
        Path file = Files.writeString(folder.resolve("all.yaml"), uncommented());

        Settings settings = SettingsLoader.load(file, ENVIRONMENT, false).settings();

        assertThat(settings.repositories()).hasEntrySatisfying("clients", clients -> {
            assertThat(clients.stickyBy()).isEqualTo(RepositorySettings.DEFAULTS.stickyBy());
            assertThat(clients.stage()).isEqualTo(RepositorySettings.DEFAULTS.stage());
            assertThat(clients.rollout()).isEqualTo(RepositorySettings.DEFAULTS.rollout());
        });
        assertThat(settings.admin().operators())
                .containsExactly(new OperatorSettings("anna", OperatorSettings.Role.OPERATOR, "0".repeat(64)));
        assertThat(settings.pins()).containsExactly(new PinSettings("79990000000", Side.TARGET));
    }

    @Test
    void theExampleShowsEveryKeyAndEveryVariable() throws Exception {
        Set<String> shown = new TreeSet<>();
        collect(new Yaml(new LoaderOptions()).compose(new StringReader(uncommented())), "", shown);

        assertThat(shown).containsAll(Keys.all());
        assertThat(Files.readString(EXAMPLE)).contains(Keys.ENVIRONMENT.values());
    }

    @Test
    void theReferenceExplainsEveryKeyAndEveryVariable() throws Exception {
        List<String> rows = Files.readAllLines(REFERENCE).stream()
                .filter(line -> line.startsWith("| `"))
                .toList();

        assertThat(Keys.all())
                .allSatisfy(key -> assertThat(rows).anyMatch(row -> row.contains("`" + documented(key) + "`")));
        assertThat(Files.readString(REFERENCE)).contains(Keys.ENVIRONMENT.values());
    }

    private static String documented(String key) {
        return key.replace("repositories.*", "repositories.NAME")
                .replace("pins.*", "pins[]")
                .replace("operators.*", "operators[]");
    }

    /** Samples begin with {@code #} and no space, explanations with a space after it. */
    private static String uncommented() throws IOException {
        return Files.readString(EXAMPLE).replaceAll("(?m)^( *)#(?=[^ \\n])", "$1");
    }

    private static void collect(Node node, String path, Set<String> keys) {
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(tuple -> {
                String name = ((ScalarNode) tuple.getKeyNode()).getValue();
                String full = path + (path.equals("repositories.") ? "*" : name);
                keys.add(full);
                collect(tuple.getValueNode(), full + ".", keys);
            });
        }
        if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(element -> collect(element, path + "*.", keys));
        }
    }
}
