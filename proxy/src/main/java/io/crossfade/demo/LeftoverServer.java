package io.crossfade.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A server that still runs on a directory, because another demo uses it or because one was killed. */
final class LeftoverServer {
    private LeftoverServer() {}

    /** Fails at once where a second server on the directory would fail only after the whole start wait. */
    static void mustNotRun(String name, Path directory) throws IOException {
        Path pidFile = directory.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        List<String> lines = Files.readAllLines(pidFile);
        Optional<ProcessHandle> server = lines.isEmpty()
                ? Optional.empty()
                : ProcessHandle.of(Long.parseLong(lines.get(0).strip()));
        if (server.map(LeftoverServer::isPostgres).orElse(false)) {
            throw new DemoFailure("the " + name + " PostgreSQL server in " + directory + " still runs as process "
                    + lines.get(0).strip() + ": stop the demo that uses it, or end it with kill -INT "
                    + lines.get(0).strip());
        }
    }

    /** A process number in a file that outlived its server may have gone to any other program. */
    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> command.endsWith("postgres"))
                .orElse(false);
    }
}
