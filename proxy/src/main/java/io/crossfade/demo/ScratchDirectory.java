package io.crossfade.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory that is removed with everything in it when it is closed. */
public record ScratchDirectory(Path path) implements AutoCloseable {
    public static ScratchDirectory create() {
        try {
            return new ScratchDirectory(Files.createTempDirectory("crossfade-demo"));
        } catch (IOException failure) {
            throw new DemoFailure("no temporary directory for the databases: " + failure, failure);
        }
    }

    @Override
    public void close() {
        try (Stream<Path> walk = Files.walk(path)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path each : deepestFirst) {
                Files.deleteIfExists(each);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("the temporary directory " + path + " could not be removed", failure);
        }
    }
}
