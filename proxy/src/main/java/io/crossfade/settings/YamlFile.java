package io.crossfade.settings;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/** Reads a file into nodes, which remember their lines. */
final class YamlFile {
    private YamlFile() {}

    /** The outermost node; null where the file is empty or cannot be used, which is then reported. */
    static @Nullable Node read(Path file, Source source) {
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return new Yaml(new LoaderOptions()).compose(reader);
        } catch (NoSuchFileException e) {
            source.report(new Place(file.toString(), ""), "no such file; check the path given with --config");
        } catch (IOException e) {
            source.report(
                    new Place(file.toString(), ""), "cannot be read; check that it is a readable UTF-8 text file");
        } catch (MarkedYAMLException e) {
            // The exception's own text quotes the file, which may hold passwords.
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            source.report(new Place(file + ":" + line, ""), "is not valid YAML: " + Redaction.of(e.getProblem()));
        } catch (YAMLException e) {
            source.report(new Place(file.toString(), ""), "is not valid YAML; check that it is a plain text file");
        }
        return null;
    }
}
