package io.crossfade.settings;

import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What follows the question mark of a database address: how to encrypt and whom to trust. */
final class UrlParameters {
    private static final List<String> KNOWN = List.of("sslmode", "sslrootcert", "application_name");
    private static final List<String> SSL_MODES =
            Arrays.stream(SslMode.VALUES).map(UrlParameters::label).toList();

    private UrlParameters() {}

    static PgConnectOptions apply(String query, PgConnectOptions connection) {
        Map<String, String> parameters = parse(query);
        // The default of libpq, so that an address means here what it means to psql.
        SslMode mode = sslMode(parameters.getOrDefault("sslmode", "prefer"));
        String rootCertificate = parameters.get("sslrootcert");
        boolean verifies = mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL;
        ClientSSLOptions ssl = new ClientSSLOptions()
                .setHostnameVerificationAlgorithm(mode == SslMode.VERIFY_FULL ? "HTTPS" : "")
                .setTrustAll(!verifies);
        if (verifies && rootCertificate == null) {
            throw new IllegalArgumentException(
                    "has sslmode=" + label(mode)
                            + " but no sslrootcert; add &sslrootcert=/path/to/ca.crt, the certificate of the server's authority");
        }
        if (rootCertificate != null) {
            if (!verifies) {
                throw new IllegalArgumentException(
                        "has an sslrootcert, which only sslmode=verify-full and verify-ca use");
            }
            requireReadable(rootCertificate);
            ssl.setTrustOptions(new PemTrustOptions().addCertPath(rootCertificate));
        }
        String applicationName = parameters.get("application_name");
        if (applicationName != null) {
            connection = connection.addProperty("application_name", applicationName);
        }
        return connection.setSslMode(mode).setSslOptions(ssl);
    }

    private static Map<String, String> parse(String query) {
        Map<String, String> parameters = new LinkedHashMap<>();
        for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            if (!KNOWN.contains(name)) {
                String shown = name.matches("[A-Za-z_]{1,40}") ? "'" + name + "'" : "that";
                throw new IllegalArgumentException(
                        "has a parameter " + shown + " that is not supported; " + Suggestion.remedy(name, KNOWN));
            }
            if (equals < 0 || parameters.containsKey(name)) {
                throw new IllegalArgumentException("must give the parameter '" + name + "' one value: " + name + "=…");
            }
            parameters.put(name, DatabaseUrl.decode(pair.substring(equals + 1)));
        }
        return parameters;
    }

    private static SslMode sslMode(String label) {
        int index = SSL_MODES.indexOf(label);
        if (index < 0) {
            throw new IllegalArgumentException("has an unknown sslmode; known are " + String.join(", ", SSL_MODES));
        }
        return SslMode.VALUES[index];
    }

    private static String label(SslMode mode) {
        return mode.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void requireReadable(String file) {
        if (!Files.isReadable(Path.of(file))) {
            throw new IllegalArgumentException(
                    "names an sslrootcert file that cannot be read; check the path and rights");
        }
    }
}
