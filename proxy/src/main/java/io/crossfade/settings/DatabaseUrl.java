package io.crossfade.settings;

import io.vertx.pgclient.PgConnectOptions;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code postgres://user:password@host:port/database?sslmode=…}, the form that libpq, Supabase and most clients
 * use. Its failures never repeat any part of the address: what looks like a port may be half of a password.
 */
final class DatabaseUrl {
    static final String EXAMPLE = "postgres://user:password@host:5432/database";

    private static final Pattern FORM = Pattern.compile("postgres(?:ql)?://([^/?#]*)(?:/([^?]*))?(?:\\?(.*))?");
    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^\\[\\]:,]*)(?::(\\d{1,5}))?");

    private DatabaseUrl() {}

    static PgConnectOptions parse(String url) {
        Matcher form = FORM.matcher(url);
        if (!form.matches()) {
            throw new IllegalArgumentException("is not a database address; write " + EXAMPLE);
        }
        String authority = form.group(1);
        int at = authority.lastIndexOf('@');
        if (url.indexOf('#') >= 0 || url.indexOf('@', form.end(1)) >= 0) {
            throw new IllegalArgumentException("has a special character in its login; percent-encode it:"
                    + " @ is %40, / is %2F, ? is %3F, # is %23, : is %3A, % is %25");
        }
        if (at <= 0 || authority.startsWith(":")) {
            throw new IllegalArgumentException("names no user; write " + EXAMPLE);
        }
        String database = form.group(2);
        if (database == null || database.isEmpty() || database.indexOf('/') >= 0) {
            throw new IllegalArgumentException("names no database after the host; write " + EXAMPLE);
        }
        PgConnectOptions connection = login(authority.substring(0, at), new PgConnectOptions());
        String query = form.group(3) == null ? "" : form.group(3);
        return UrlParameters.apply(
                query, server(authority.substring(at + 1), connection).setDatabase(decode(database)));
    }

    private static PgConnectOptions login(String login, PgConnectOptions connection) {
        int colon = login.indexOf(':');
        return connection
                .setUser(decode(colon < 0 ? login : login.substring(0, colon)))
                .setPassword(colon < 0 ? "" : decode(login.substring(colon + 1)));
    }

    private static PgConnectOptions server(String server, PgConnectOptions connection) {
        Matcher matcher = HOST_AND_PORT.matcher(server);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "names no single host and port; write " + EXAMPLE + ", an IPv6 address in brackets: [::1]:5432");
        }
        String host = decode(matcher.group(1)).replaceAll("[\\[\\]]", "");
        int port = matcher.group(2) == null ? 5432 : Integer.parseInt(matcher.group(2));
        if (host.isBlank() || host.startsWith("/")) {
            throw new IllegalArgumentException("names no host; a database is reached by TCP, write " + EXAMPLE);
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("has a port that is not a number from 1 to 65535");
        }
        return connection.setHost(host).setPort(port);
    }

    /** Percent-decoded; a plus sign stays a plus sign. */
    static String decode(String text) {
        if (text.replaceAll("%[0-9A-Fa-f]{2}", "").indexOf('%') >= 0) {
            throw new IllegalArgumentException("has a % that two hexadecimal digits do not follow; write it as %25");
        }
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
