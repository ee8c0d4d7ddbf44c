package io.crossfade.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** A command that asks a running proxy, by its admin API. */
abstract class AdminCommand implements Callable<Integer> {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Map<String, String> environment;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8081",
            description = "Where the proxy's admin front door is (default: ${DEFAULT-VALUE}).")
    private String url = "";

    @Option(names = "--json", description = "Print JSON, for scripts.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    AdminCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    /** Does its work; what it has to say goes to {@link #out}. */
    abstract int ask(AdminApi api) throws CommandFailedException;

    @Override
    public Integer call() throws CommandFailedException {
        String token = environment.getOrDefault("CROSSFADE_ADMIN_TOKEN", "").strip();
        if (token.isEmpty()) {
            throw wrong("Set CROSSFADE_ADMIN_TOKEN to the admin token of the proxy.");
        }
        if (!token.chars().allMatch(it -> it > ' ' && it < 127)) {
            throw wrong("CROSSFADE_ADMIN_TOKEN holds characters that no header can carry.");
        }
        int code = ask(new AdminApi(address(), token));
        out().flush();
        return code;
    }

    final boolean json() {
        return json;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    final void print(JsonNode node) {
        try {
            out().println(JSON.writeValueAsString(node));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }

    /** A line in bold. */
    final void title(String text) {
        out().println(styled(text, Style.bold));
    }

    /** The text in that style on a terminal, and as it is elsewhere. What would steer a terminal is left out. */
    final String styled(String text, Style style) {
        String plain = TextTable.printable(text);
        return spec.commandLine().getColorScheme().ansi().enabled() ? style.on() + plain + Style.reset.on() : plain;
    }

    final ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private String address() {
        try {
            URI uri = URI.create(url.strip());
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))) {
                return url.strip().replaceAll("/+$", "");
            }
        } catch (IllegalArgumentException e) {
            throw wrong("--url '" + url + "' is no address such as http://127.0.0.1:8081");
        }
        throw wrong("--url '" + url + "' is no address such as http://127.0.0.1:8081");
    }
}
