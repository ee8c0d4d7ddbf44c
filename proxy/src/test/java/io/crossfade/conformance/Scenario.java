package io.crossfade.conformance;

import io.crossfade.testing.RestClient;
import io.crossfade.testing.RestResponse;
import io.crossfade.testing.Scripts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One request of a {@code .http} file. A file has one block per request: a line {@code ### title}, the request line, its
 * headers, and after an empty line the body. Lines starting with {@code # table} name the tables that a call changes
 * where its path does not tell.
 */
record Scenario(
        String title, String method, String path, Map<String, String> headers, String body, List<String> tables) {
    private static final Pattern COMMENT = Pattern.compile("(?m)^# (?!table ).*$");
    private static final Pattern RELATION = Pattern.compile("^/([^/?]+)(\\?.*)?$");

    static List<Scenario> read(String resource) {
        List<Scenario> scenarios = new ArrayList<>();
        for (String block :
                COMMENT.matcher(Scripts.read(resource)).replaceAll("").split("(?m)^### ", -1)) {
            if (!block.isBlank()) {
                scenarios.add(parse(block));
            }
        }
        return List.copyOf(scenarios);
    }

    private static Scenario parse(String block) {
        String[] headAndBody = block.strip().split("\n\n", 2);
        List<String> tables = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        for (String line : headAndBody[0].split("\n", -1)) {
            if (line.startsWith("# table ")) {
                tables.add(line.substring("# table ".length()).strip());
            } else {
                lines.add(line);
            }
        }
        String[] request = lines.get(1).split(" ", 2);
        Map<String, String> headers = new LinkedHashMap<>();
        for (String header : lines.subList(2, lines.size())) {
            String[] nameAndValue = header.split(":", 2);
            headers.put(nameAndValue[0].strip(), nameAndValue[1].strip());
        }
        Matcher relation = RELATION.matcher(request[1]);
        if (tables.isEmpty() && relation.matches()) {
            tables.add(relation.group(1));
        }
        return new Scenario(
                lines.get(0).strip(),
                request[0],
                request[1],
                headers,
                headAndBody.length > 1 ? headAndBody[1] : null,
                tables);
    }

    boolean writes() {
        return !method.equals("GET") && !method.equals("HEAD");
    }

    RestResponse send(RestClient rest) {
        RestClient.Request request = rest.request(method, path);
        headers.forEach(request::header);
        if (body != null) {
            request.body(body);
        }
        return request.send();
    }

    @Override
    public String toString() {
        return title;
    }
}
