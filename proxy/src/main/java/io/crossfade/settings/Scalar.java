package io.crossfade.settings;

import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One value, before anyone knows what it means.
 *
 * @param text with the variables of the environment put in
 * @param shown what a problem may quote; without what came from variables, which may be a secret meant for another key
 */
record Scalar(String text, String shown, Place place) {
    /** The value of a node; empty where it says nothing, or is no single value, which is then reported. */
    static Optional<Scalar> of(Node node, Place place, Source source) {
        if (isNothing(node)) {
            return Optional.empty();
        }
        if (!(node instanceof ScalarNode scalar)) {
            source.report(place, "expected one value, not a list or block");
            return Optional.empty();
        }
        try {
            String text = Interpolation.of(scalar.getValue(), source.environment());
            return Optional.of(new Scalar(text, scalar.getValue(), place));
        } catch (IllegalArgumentException e) {
            source.report(place, "the value " + e.getMessage());
            return Optional.empty();
        }
    }

    /** What it means; empty where it is blank, or wrong, which is then reported. */
    <T> Optional<T> parse(Parser<T> parser, Source source) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(parser.parse(text.strip()));
        } catch (IllegalArgumentException e) {
            source.report(place, "'" + Redaction.of(shown) + "' " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Whether nothing stands behind the colon. */
    static boolean isNothing(Node node) {
        return node.getTag().equals(Tag.NULL);
    }
}
