package io.crossfade.testing;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The embedded PostgreSQL of another version, in a jar that Maven copies and that is not on the class path. */
final class OtherBinaries {
    private OtherBinaries() {}

    /** Where it is, or would be. */
    static Path jar() {
        Path directory = Path.of(System.getProperty("testpg.other", "target/postgres-other"));
        if (!Files.isDirectory(directory)) {
            return directory.resolve("none.jar");
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".jar"))
                    .findFirst()
                    .orElse(directory.resolve("none.jar"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The archive in it: one, because each jar is for one platform. */
    static InputStream open() throws IOException {
        JarFile jar = new JarFile(jar().toFile());
        JarEntry archive = jar.stream()
                .filter(entry -> entry.getName().endsWith(".txz"))
                .findFirst()
                .orElseThrow();
        return new FilterInputStream(jar.getInputStream(archive)) {
            @Override
            public void close() throws IOException {
                jar.close();
            }
        };
    }
}
