package io.crossfade.demo;

import io.vertx.core.http.HttpMethod;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request of the bot, with all that makes it different from others; what they share is in {@link SupabaseClient}.
 *
 * @param path below {@code /rest/v1/}, as it goes over the wire: encoded the way {@code URLSearchParams} does
 * @param single whether the bot asked for exactly one row, so that anything else is an answer 406
 */
public record BotRequest(
        HttpMethod method,
        String repository,
        String path,
        boolean single,
        @Nullable String prefer,
        @Nullable String body) {

    /** A read that wants an array. Parameters in pairs: name, value. */
    public static BotRequest read(String table, String... parameters) {
        return of(HttpMethod.GET, table, List.of(parameters), false, null, null);
    }

    /** A read that wants one object. */
    public static BotRequest readOne(String table, String... parameters) {
        return of(HttpMethod.GET, table, List.of(parameters), true, null, null);
    }

    /** A count, which comes in a header. */
    public static BotRequest count(String table, String... parameters) {
        return of(HttpMethod.HEAD, table, List.of(parameters), false, "count=exact", null);
    }

    public static BotRequest update(String table, String body, String... parameters) {
        return of(HttpMethod.PATCH, table, List.of(parameters), false, null, body);
    }

    /** An upsert whose rows the bot does not want back. Its parameters name the key, and the columns of an array. */
    public static BotRequest upsert(String table, String body, String... parameters) {
        return of(HttpMethod.POST, table, List.of(parameters), false, "resolution=merge-duplicates", body);
    }

    /** An upsert of one row that the bot reads back. */
    public static BotRequest upsertOne(String table, String body, String... parameters) {
        String prefer = "resolution=merge-duplicates, return=representation";
        return of(HttpMethod.POST, table, List.of(parameters), true, prefer, body);
    }

    public static BotRequest delete(String table, String... parameters) {
        return of(HttpMethod.DELETE, table, List.of(parameters), false, null, null);
    }

    public static BotRequest function(String name) {
        return of(HttpMethod.POST, "rpc/" + name, List.of(), false, null, "{}");
    }

    /** Whether this is a plain success, or the 406 that the bot takes for "not found". */
    boolean expects(int status) {
        return (status >= 200 && status < 300) || (single && status == 406);
    }

    boolean changesNothing() {
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
    }

    private static BotRequest of(
            HttpMethod method,
            String table,
            List<String> parameters,
            boolean single,
            @Nullable String prefer,
            @Nullable String body) {
        StringBuilder path = new StringBuilder(table);
        for (int i = 0; i < parameters.size(); i += 2) {
            path.append(i == 0 ? '?' : '&').append(parameters.get(i)).append('=');
            path.append(URLEncoder.encode(parameters.get(i + 1), StandardCharsets.UTF_8));
        }
        return new BotRequest(method, table, path.toString(), single, prefer, body);
    }
}
