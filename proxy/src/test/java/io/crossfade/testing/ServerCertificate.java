package io.crossfade.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A certificate that vouches for itself, made by the keytool of the JDK that runs the tests. */
public final class ServerCertificate {
    private static final String ALIAS = "server";
    private static final char[] PASSWORD = "of-the-tests".toCharArray();
    private static final List<String> PARAMETERS = List.of("ssl", "ssl_cert_file", "ssl_key_file");

    private final Path file;
    private final String certificate;
    private final String key;

    private ServerCertificate(Path file, String certificate, String key) {
        this.file = file;
        this.certificate = certificate;
        this.key = key;
    }

    /** Makes one for whoever is reached under this name or number. */
    public static ServerCertificate make(Path folder, String host) {
        try {
            Path store = Files.createTempDirectory(folder, "certificate").resolve("store.p12");
            Path log = store.resolveSibling("keytool.log");
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            ALIAS,
                            "-keyalg",
                            "RSA",
                            "-keysize",
                            "2048",
                            "-validity",
                            "2",
                            "-dname",
                            "CN=crossfade tests",
                            "-ext",
                            "SAN=" + (host.matches("[0-9.]+") ? "ip:" : "dns:") + host,
                            "-storetype",
                            "PKCS12",
                            "-keystore",
                            store.toString(),
                            "-storepass",
                            new String(PASSWORD))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
                throw new IllegalStateException("keytool: " + Files.readString(log));
            }
            KeyStore entries = KeyStore.getInstance(store.toFile(), PASSWORD);
            String certificate =
                    pem("CERTIFICATE", entries.getCertificate(ALIAS).getEncoded());
            String key = pem("PRIVATE KEY", entries.getKey(ALIAS, PASSWORD).getEncoded());
            return new ServerCertificate(
                    Files.writeString(store.resolveSibling("server.crt"), certificate), certificate, key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a client is to trust that wants to reach a server which shows this one. */
    public Path file() {
        return file;
    }

    /** Has the server of a database show it to all who connect from now on, and still take those who do not ask. */
    public void showAt(TestDatabase database) {
        write(database, "crossfade-tests.crt", certificate);
        write(database, "crossfade-tests.key", key);
        database.execute("ALTER SYSTEM SET ssl_cert_file = 'crossfade-tests.crt'");
        database.execute("ALTER SYSTEM SET ssl_key_file = 'crossfade-tests.key'");
        database.execute("ALTER SYSTEM SET ssl = on");
        reload(database, "on");
    }

    /** Has the server speak plainly again. */
    public static void hideAt(TestDatabase database) {
        PARAMETERS.forEach(parameter -> database.execute("ALTER SYSTEM RESET " + parameter));
        reload(database, "off");
    }

    /** By the server itself, wherever that runs: it takes a key only from a file that is its own and nobody else's. */
    private static void write(TestDatabase database, String name, String lines) {
        database.execute("COPY (SELECT unnest(string_to_array('" + lines + "', E'\\n'))) TO PROGRAM 'umask 077; cat > "
                + name + "'");
    }

    private static void reload(TestDatabase database, String ssl) {
        database.execute("SELECT pg_reload_conf()");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!database.value("SHOW ssl").equals(ssl)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the server keeps ssl = " + database.value("SHOW ssl"));
            }
            Thread.onSpinWait();
        }
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + what + "-----";
    }
}
