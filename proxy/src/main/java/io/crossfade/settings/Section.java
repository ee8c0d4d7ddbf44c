package io.crossfade.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * One block of keys, read value by value. Whatever is wrong is reported to the {@link Source} and the default used
 * instead, so that one reading finds everything.
 */
final class Section {
    private final Source source;
    private final String path;
    private final @Nullable Node node;
    private final Map<String, Node> entries = new LinkedHashMap<>();

    /** @param known the keys that may be here; empty where every name may be */
    Section(Source source, String path, @Nullable Node node, List<String> known) {
        this.source = source;
        this.path = path;
        this.node = node;
        if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(tuple -> add(tuple, known));
        } else if (node != null && !Scalar.isNothing(node)) {
            String expected = known.isEmpty() ? "names" : String.join(", ", known);
            source.report(source.place(node, path), "expected a block of keys (" + expected + ")");
        }
    }

    private void add(NodeTuple tuple, List<String> known) {
        String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
        Place place = source.place(tuple.getKeyNode(), full(Redaction.of(key)));
        if (!known.isEmpty() && !known.contains(key)) {
            source.report(place, "unknown key; " + Suggestion.remedy(key, known));
        } else if (entries.putIfAbsent(key, tuple.getValueNode()) != null) {
            source.report(place, "is given twice; keep one of them");
        }
    }

    Set<String> names() {
        return entries.keySet();
    }

    /** Where the value of a key is, or would be. */
    Place place(String key) {
        String variable = variable(key);
        if (variable != null) {
            return Source.variable(variable, full(key));
        }
        Node value = entries.get(key);
        if (value != null) {
            return source.place(value, full(key));
        }
        return node != null ? source.place(node, full(key)) : source.place(full(key));
    }

    void report(String key, String message) {
        source.report(place(key), message);
    }

    boolean holds(String key) {
        return variable(key) != null || entries.containsKey(key);
    }

    boolean holdsBlock(String key) {
        return entries.get(key) instanceof MappingNode;
    }

    Section section(String key, List<String> known) {
        return new Section(source, full(key), entries.get(key), known);
    }

    /** The blocks of a list. */
    List<Section> sections(String key, List<String> known) {
        List<Section> sections = new ArrayList<>();
        for (Node element : elements(key)) {
            sections.add(new Section(source, full(key) + "." + (sections.size() + 1), element, known));
        }
        return sections;
    }

    /** The value of a key; empty where it is not set, or set to nothing. */
    <T> Optional<T> read(String key, Parser<T> parser) {
        String variable = variable(key);
        if (variable != null) {
            String text = source.environment().getOrDefault(variable, "");
            return new Scalar(text, text, place(key)).parse(parser, source);
        }
        Node value = entries.get(key);
        return value == null ? Optional.empty() : parse(value, key, parser);
    }

    /** The values of a list; an environment variable stands for a list of one. */
    <T> Optional<List<T>> readList(String key, Parser<T> parser) {
        if (variable(key) != null) {
            return read(key, parser).map(List::of);
        }
        Node value = entries.get(key);
        List<Node> elements = elements(key);
        if (!(value instanceof SequenceNode)) {
            return Optional.empty();
        }
        List<T> values = new ArrayList<>();
        elements.forEach(element -> parse(element, key, parser).ifPresent(values::add));
        return Optional.of(values);
    }

    private List<Node> elements(String key) {
        Node value = entries.get(key);
        if (value instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        if (value != null && !Scalar.isNothing(value)) {
            report(key, "expected a list, such as [a, b]");
        }
        return List.of();
    }

    private <T> Optional<T> parse(Node value, String key, Parser<T> parser) {
        return Scalar.of(value, source.place(value, full(key)), source).flatMap(scalar -> scalar.parse(parser, source));
    }

    private @Nullable String variable(String key) {
        String variable = Keys.ENVIRONMENT.get(full(key));
        return variable == null
                        || source.environment().getOrDefault(variable, "").isBlank()
                ? null
                : variable;
    }

    private String full(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
