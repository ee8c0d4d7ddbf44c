package io.crossfade.testing;

import io.crossfade.Crossfade;
import io.crossfade.cli.Main;
import io.crossfade.settings.AdminSettings;
import io.crossfade.settings.RestSettings;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A proxy in a process of its own, which can be killed, put to sleep and woken. */
public final class ProxyProcess implements AutoCloseable {
    private static final String READY = "listening on ";

    private final Process process;
    private final RestClient rest;
    private final String admin;

    private ProxyProcess(Process process, RestClient rest, String admin) {
        this.process = process;
        this.rest = rest;
        this.admin = admin;
    }

    /** What runs in the other process: the address of the database comes as arguments. */
    public static void main(String[] arguments) throws Exception {
        RestSettings defaults = RestSettings.DEFAULTS;
        Settings settings = new Settings(
                SideSettings.at(PgConnectOptions.fromUri(arguments[0])),
                null,
                new RestSettings(
                        "127.0.0.1",
                        0,
                        defaults.schemas(),
                        defaults.extraSearchPath(),
                        defaults.maxRows(),
                        List.of(),
                        defaults.maxBodySize()),
                new AdminSettings("127.0.0.1", 0, "test"),
                Map.of(),
                List.of());
        Crossfade crossfade = Crossfade.start(Vertx.vertx(), settings, false).await(30, TimeUnit.SECONDS);
        System.out.println(READY + crossfade.restPort());
    }

    /** Starts one in front of one database, with options of the JVM, such as {@code -Xmx256m}; waits until it takes calls. */
    public static ProxyProcess start(TestDatabase legacy, String... options) throws IOException {
        return launch(List.of(options), List.of(ProxyProcess.class.getName(), legacy.uri()));
    }

    /** Starts what {@code crossfade run} starts with this file; waits until it takes calls. */
    public static ProxyProcess run(Path config, String... options) {
        try {
            return launch(List.of(options), List.of(Main.class.getName(), "run", "--config", config.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ProxyProcess launch(List<String> options, List<String> program) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(String.join(File.separator, System.getProperty("java.home"), "bin", "java"));
        command.addAll(options);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        command.addAll(List.of("-cp", classPath));
        command.addAll(program);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder printed = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            String rest = restUrl(line.strip());
            if (rest != null) {
                // The address of the admin front door follows where a file is run.
                String next = line.startsWith(READY) ? null : output.readLine();
                String admin = next == null
                        ? ""
                        : next.strip().replaceAll("^Admin |/$", "").strip();
                Thread reader = new Thread(() -> output.lines().forEach(System.out::println), "output of the proxy");
                reader.setDaemon(true);
                reader.start();
                return new ProxyProcess(process, new RestClient(rest), admin);
            }
            printed.append(line).append('\n');
        }
        throw new IOException("The proxy ended before it took calls: " + printed);
    }

    private static @Nullable String restUrl(String line) {
        if (line.startsWith(READY)) {
            return "http://127.0.0.1:" + line.substring(READY.length()) + "/rest/v1";
        }
        return line.startsWith("REST ") ? line.substring(5).strip() : null;
    }

    /** Ends it as {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the proxy did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Puts it to sleep: it holds every connection and does nothing. */
    public void pause() {
        Processes.signal("STOP", process.pid());
    }

    /** Wakes it where it slept. */
    public void resume() {
        Processes.signal("CONT", process.pid());
    }

    public RestClient rest() {
        return rest;
    }

    /** The admin front door, where a file is run. */
    public RestClient admin() {
        return new RestClient(admin);
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
