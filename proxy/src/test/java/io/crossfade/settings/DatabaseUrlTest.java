package io.crossfade.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatabaseUrlTest {
    private final Path folder;

    DatabaseUrlTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void everyPartIsReadAndDecoded() {
        PgConnectOptions connection =
                DatabaseUrl.parse("postgresql://my%20app:p%40ss%2Fw+rd@db.example:6543/my%20shop?application_name=bot");

        assertThat(connection.getUser()).isEqualTo("my app");
        assertThat(connection.getPassword()).isEqualTo("p@ss/w+rd");
        assertThat(connection.getHost()).isEqualTo("db.example");
        assertThat(connection.getPort()).isEqualTo(6543);
        assertThat(connection.getDatabase()).isEqualTo("my shop");
        assertThat(connection.getProperties()).containsEntry("application_name", "bot");
    }

    @Test
    void whatIsLeftOutHasTheDefaultsOfPostgres() {
        PgConnectOptions connection = DatabaseUrl.parse("postgres://app@db.example/shop");

        assertThat(connection.getPassword()).isEmpty();
        assertThat(connection.getPort()).isEqualTo(5432);
        assertThat(connection.getSslMode()).isEqualTo(SslMode.PREFER);
    }

    @Test
    void anIpv6AddressStandsInBrackets() {
        PgConnectOptions connection = DatabaseUrl.parse("postgres://app@[2001:db8::1]:6543/shop");

        assertThat(connection.getHost()).isEqualTo("2001:db8::1");
        assertThat(connection.getPort()).isEqualTo(6543);
    }

    @ParameterizedTest
    @CsvSource({"disable,DISABLE", "allow,ALLOW", "prefer,PREFER", "require,REQUIRE"})
    void anSslModeThatDoesNotVerifyTrustsAnyone(String label, SslMode mode) {
        PgConnectOptions connection = DatabaseUrl.parse("postgres://app@db.example/shop?sslmode=" + label);

        assertThat(connection.getSslMode()).isEqualTo(mode);
        assertThat(connection.getSslOptions().isTrustAll()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"verify-ca,VERIFY_CA,''", "verify-full,VERIFY_FULL,HTTPS"})
    void anSslModeThatVerifiesTrustsOnlyTheGivenAuthority(String label, SslMode mode, String algorithm)
            throws Exception {
        Path certificate = Files.createFile(folder.resolve("ca.crt"));
        PgConnectOptions connection =
                DatabaseUrl.parse("postgres://app@db.example/shop?sslmode=" + label + "&sslrootcert=" + certificate);

        assertThat(connection.getSslMode()).isEqualTo(mode);
        assertThat(connection.getSslOptions().isTrustAll()).isFalse();
        assertThat(connection.getSslOptions().getTrustOptions()).isNotNull();
        assertThat(connection.getSslOptions().getHostnameVerificationAlgorithm())
                .isEqualTo(algorithm);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            jdbc:postgresql://host/db                              | is not a database address
            postgres://host/db                                     | names no user
            postgres://app@host                                    | names no database
            postgres://app@host/                                   | names no database
            postgres://app@/db                                     | names no host
            postgres://app@one,two/db                              | names no single host
            postgres://app@host:70000/db                           | from 1 to 65535
            postgres://app:a%zz@host/db                            | write it as %25
            postgres://app:a/b@host/db                             | / is %2F
            postgres://app@host/db?sslmode=verify                  | known are disable, allow
            postgres://app@host/db?sslmode=verify-full             | add &sslrootcert=
            postgres://app@host/db?sslmode=require&sslrootcert=a   | only sslmode=verify-full and verify-ca use
            postgres://app@host/db?sslmode=verify-ca&sslrootcert=a | cannot be read
            postgres://app@host/db?options=-csearch_path%3Da       | parameter 'options' that is not supported
            postgres://app@host/db?ssl_mode=require                | did you mean 'sslmode'?
            postgres://app@host/db?sslmode                         | one value
            """)
    void aUrlThatCannotBeUsedSaysWhy(String url, String reason) {
        assertThatThrownBy(() -> DatabaseUrl.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }
}
