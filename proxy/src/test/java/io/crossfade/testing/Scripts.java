package io.crossfade.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Texts from the class path. */
public final class Scripts {
    private Scripts() {}

    /** The booking bot's tables and rows. */
    public static List<String> bot() {
        return List.of(read("/demo/schema.sql"), read("/demo/data.sql"));
    }

    /** The text of a resource, such as {@code /conformance/types.sql}. */
    public static String read(String resource) {
        try (InputStream in = Scripts.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalArgumentException("No resource " + resource);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
