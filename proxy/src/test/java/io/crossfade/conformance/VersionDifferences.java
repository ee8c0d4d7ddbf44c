package io.crossfade.conformance;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where PostgREST 14, whose dialect Crossfade speaks, answers otherwise than the 12.0.2 that the tests run. Every
 * difference is a line of {@link #TABLE}; whatever the table does not name must be equal, byte by byte.
 */
final class VersionDifferences {
    private static final Pattern RELATION = Pattern.compile("^/([^/?]+)(?:\\?.*)?$");
    private static final Pattern UNKNOWN_COLUMN = Pattern.compile("Column '(.*)' of relation '(.*)' does not exist");

    /** Parsers of PostgREST that stop early ignore the rest; Crossfade refuses what it does not understand. */
    private static final Set<String> NOT_UNDERSTOOD = Set.of(
            "logic: or=id.eq.1",
            "logic: or=(id.eq.1))",
            "select: id::text; drop table items",
            "select: (id)",
            "select: ::text");

    private static final List<Difference> TABLE = List.of(
            difference(
                    "unknown table",
                    (call, in12) -> in12.status() == 404
                            && RELATION.matcher(call.path()).matches()
                            && (in12.body().equals("{}") || in12.error("code").equals("42P01")),
                    (call, in12) -> in12.withBody(
                            "{\"code\":\"PGRST205\",\"details\":null,\"hint\":null,\"message\":\"Could not find the table 'public."
                                    + relation(call) + "' in the schema cache\"}")),
            difference(
                    "path that is neither a table nor a function",
                    (call, in12) -> in12.status() == 404 && in12.body().equals("{}"),
                    (call, in12) -> in12.withBody("{\"code\":\"PGRST125\",\"details\":null,\"hint\":null,"
                            + "\"message\":\"Invalid path specified in request URL\"}")),
            difference(
                    "another number of rows than the one that was asked for",
                    (call, in12) -> in12.error("code").equals("PGRST116"),
                    (call, in12) -> in12.withBody("{\"code\":\"PGRST116\",\"details\":\"" + in12.error("details")
                            + "\",\"hint\":null,\"message\":\"Cannot coerce the result to a single JSON object\"}")),
            difference(
                    "unknown column in a body",
                    (call, in12) -> in12.error("code").equals("PGRST204"),
                    (call, in12) -> in12.withBody("{\"code\":\"PGRST204\",\"details\":null,\"hint\":null,\"message\":\""
                            + UNKNOWN_COLUMN
                                    .matcher(in12.error("message"))
                                    .replaceFirst("Could not find the '$1' column of '$2' in the schema cache")
                            + "\"}")),
            difference(
                    "unknown schema",
                    (call, in12) -> in12.error("code").equals("PGRST106"),
                    (call, in12) -> in12.withBody("{\"code\":\"PGRST106\",\"details\":null,"
                            + "\"hint\":\"Only the following schemas are exposed: public, second\",\"message\":\"Invalid schema: "
                            + profile(call) + "\"}")),
            difference(
                    "no acceptable media type",
                    (call, in12) -> in12.error("code").equals("PGRST107"),
                    (call, in12) -> in12.withStatus(406)),
            difference(
                    "a row affected twice, or a subquery with too many rows",
                    (call, in12) -> in12.error("code").equals("21000"),
                    (call, in12) -> in12.withStatus(500)),
            difference(
                    "recursion without end",
                    (call, in12) -> in12.error("code").equals("42P17"),
                    (call, in12) -> in12.withStatus(500)),
            difference(
                    "statement too complex",
                    (call, in12) -> in12.error("code").equals("54000"),
                    (call, in12) -> in12.withStatus(500)),
            difference(
                    "half of a surrogate pair, which PostgREST refuses itself and Crossfade leaves to the database",
                    (call, in12) -> call.title().equals("insert a lone surrogate into jsonb"),
                    (call, in12) -> in12.withBody(
                            "{\"code\":\"22P02\",\"details\":\"Unicode low surrogate must follow a"
                                    + " high surrogate.\",\"hint\":null,\"message\":\"invalid input syntax for type json\"}")),
            difference(
                    "quotes and blanks in the path of Content-Location, which PostgREST sends as they are",
                    (call, in12) -> in12.header("Content-Location").startsWith("/Odd \"name?"),
                    (call, in12) -> in12.withHeader(
                            "Content-Location",
                            in12.header("Content-Location").replace("/Odd \"name?", "/Odd%20%22name?"))),
            difference(
                    "what may be sent to a relation, which this version of Crossfade does not list",
                    (call, in12) -> call.method().equals("OPTIONS"),
                    (call, in12) -> in12.withoutHeader("Allow")),
            difference(
                    "a time zone of the caller's own, which this version of Crossfade does not follow",
                    (call, in12) -> in12.header("Preference-Applied").contains("timezone="),
                    (call, in12) -> in12.withoutHeader("Preference-Applied")
                            .withBody("[{\"id\":1,\"created\":\"2026-01-01T10:00:00+00:00\"}]")),
            difference(
                    "json argument of a function called by GET",
                    (call, in12) -> call.title().startsWith("call by GET: of_types"),
                    (call, in12) -> in12.withBody("\"1|1.50|2026-01-01 00:00:00+00|{a,b}|{\\\"x\\\": 1}|ok\"")));

    private final Set<String> met = new HashSet<>();

    /** What version 14 answers where version 12 answered this. */
    Answer inVersion14(Scenario call, Answer in12) {
        if (NOT_UNDERSTOOD.contains(call.title())) {
            return Answer.error(400, "{\"code\":\"PGRST100\",\"hint\":null}");
        }
        for (Difference difference : TABLE) {
            if (difference.applies().test(call, in12)) {
                met.add(difference.topic());
                return difference.becomes().apply(call, in12);
            }
        }
        return in12;
    }

    /** The lines of the table that no answer needed. */
    static List<String> unused(Set<String> used) {
        return TABLE.stream()
                .map(Difference::topic)
                .filter(topic -> !used.contains(topic))
                .toList();
    }

    Set<String> met() {
        return Set.copyOf(met);
    }

    /**
     * The answer without what an implementation is free in: how a parser words what it expected, and whether a hint
     * guesses what the caller meant.
     */
    static Answer comparable(Answer answer, Answer other) {
        return switch (answer.error("code")) {
            case "PGRST100" -> answer.withBody("{\"code\":\"PGRST100\",\"hint\":null}");
            case "PGRST200", "PGRST202", "PGRST205" ->
                answer.error("hint").isEmpty() || other.error("hint").isEmpty()
                        ? answer.withBody(withoutHint(answer.body()))
                        : answer;
            case "42703" ->
                answer.withBody(answer.body().replaceAll("(column |column \\\\\")[a-z_]+\\.", "$1<relation>."));
            default -> answer;
        };
    }

    private static String withoutHint(String body) {
        return body.replaceFirst("\"hint\":(null|\"(?:[^\"\\\\]|\\\\.)*\")", "\"hint\":<any>");
    }

    private static String relation(Scenario call) {
        Matcher relation = RELATION.matcher(call.path());
        return relation.matches() ? relation.group(1) : "";
    }

    private static String profile(Scenario call) {
        return call.headers().getOrDefault("Accept-Profile", call.headers().get("Content-Profile"));
    }

    private static Difference difference(String topic, BiPredicate<Scenario, Answer> applies, Becomes becomes) {
        return new Difference(topic, applies, becomes);
    }

    private interface Becomes {
        Answer apply(Scenario call, Answer in12);
    }

    private record Difference(String topic, BiPredicate<Scenario, Answer> applies, Becomes becomes) {}
}
