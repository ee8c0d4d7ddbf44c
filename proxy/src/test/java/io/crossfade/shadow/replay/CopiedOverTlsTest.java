package io.crossfade.shadow.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.ReplayFailed;
import io.crossfade.settings.InvalidSettingsException;
import io.crossfade.settings.SettingsLoader;
import io.crossfade.settings.SideSettings;
import io.crossfade.shadow.replay.CopySession.CopyException;
import io.crossfade.testing.ServerCertificate;
import io.crossfade.testing.TestDatabase;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who asks for {@code verify-full} gets it from both drivers. The servers would take plain connections as well, so that
 * whoever fell back to one would be let in.
 */
class CopiedOverTlsTest {
    private static final ReplaySettings SETTINGS =
            ReplayFixture.SETTINGS.withSliceKeys(10).withCopyKeys(50);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String ITEMS = "CREATE TABLE items (id integer PRIMARY KEY, name text)";
    private static final String IS_ENCRYPTED = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

    /** Remembers by which statement each row came, and whether anybody could have read it on the way. */
    private static final String WITNESS = """
            CREATE TABLE witness (copied boolean, encrypted boolean);
            CREATE FUNCTION witness() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              INSERT INTO public.witness VALUES (current_query() LIKE '%crossfade_stage%',
                (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()));
              RETURN NULL; END $$;
            CREATE TRIGGER witness AFTER INSERT ON items FOR EACH ROW EXECUTE FUNCTION witness();
            ALTER TABLE items ENABLE ALWAYS TRIGGER witness""";

    private final Path folder;
    private ReplayFixture sides;
    private ServerCertificate shown;
    private ServerCertificate foreign;

    CopiedOverTlsTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void open() {
        sides = ReplayFixture.withTables(ITEMS);
        sides.shadow.execute(WITNESS);
        String host = sides.authority.connectOptions().getHost();
        shown = ServerCertificate.make(folder, host);
        foreign = ServerCertificate.make(folder, host);
        for (TestDatabase side : List.of(sides.authority, sides.shadow)) {
            shown.showAt(side);
        }
    }

    @AfterEach
    void close() {
        ServerCertificate.hideAt(sides.authority);
        ServerCertificate.hideAt(sides.shadow);
        sides.close();
    }

    @Test
    void aLongBacklogGoesByCopyOverEncryptedConnectionsToServersThatWereVerified() {
        Replayer replayer = start(shown, shown);
        sides.authority.execute("INSERT INTO items SELECT i, 'Клиент ' || i FROM generate_series(1, 300) i");
        sides.replayed(replayer);
        sides.equal("SELECT * FROM items ORDER BY id");
        assertThat(sides.shadow.rows("SELECT copied, encrypted, count(*) FROM witness GROUP BY 1, 2"))
                .containsExactly("t|t|300");
        // What reads from the authority leaves no trace there.
        for (TestDatabase side : List.of(sides.authority, sides.shadow)) {
            try (CopySession session = CopySession.open(at(url(side, "verify-full", shown)), PATIENCE)) {
                assertThat(session.query(IS_ENCRYPTED).get(0)).containsExactly("t");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aServerThatNobodyVouchesForIsNotTalkedToAndTheReplayWaitsAndSaysWhy(Side distrusted) {
        Replayer waiting =
                start(distrusted == Side.LEGACY ? foreign : shown, distrusted == Side.TARGET ? foreign : shown);
        sides.authority.execute("INSERT INTO items SELECT i, 'n' || i FROM generate_series(1, 300) i");
        ReplayFixture.await("it says so", () -> sides.observed(ReplayFailed.class));
        assertThat(sides.observations.stream().filter(ReplayFailed.class::isInstance))
                .containsOnly(
                        new ReplayFailed(
                                "shop",
                                "no encrypted connection to a database could be made: check its sslmode, sslrootcert and host name"));
        assertThat(waiting.stop().await()).isNull();
        assertThat(sides.shadow.number("SELECT count(*) FROM items")).isZero();
        assertThat(sides.shadow.number("SELECT count(*) FROM crossfade.replayer"))
                .isZero();
        sides.replayed(start(shown, shown));
        sides.equal("SELECT * FROM items ORDER BY id");
    }

    @ParameterizedTest
    @EnumSource
    void theDriverThatCopiesTrustsNoOtherServerEither(Side side) {
        TestDatabase database = side == Side.LEGACY ? sides.authority : sides.shadow;
        SideSettings distrusting = at(url(database, "verify-full", foreign));
        assertThatThrownBy(() -> CopySession.open(distrusting, PATIENCE)).isInstanceOf(CopyException.class);
        String host = "@" + database.connectOptions().getHost() + ":";
        String alias = host.equals("@127.0.0.1:") ? "@localhost:" : "@127.0.0.1:";
        SideSettings otherName = at(url(database, "verify-full", shown).replace(host, alias));
        assertThatThrownBy(() -> CopySession.open(otherName, PATIENCE)).isInstanceOf(CopyException.class);
        try (CopySession anyName =
                CopySession.open(at(url(database, "verify-ca", shown).replace(host, alias)), PATIENCE)) {
            assertThat(anyName.query(IS_ENCRYPTED).get(0)).containsExactly("t");
        }
    }

    private Replayer start(ServerCertificate ofAuthority, ServerCertificate ofShadow) {
        return sides.start(
                at(url(sides.authority, "verify-full", ofAuthority)).connection(),
                at(url(sides.shadow, "verify-full", ofShadow)).connection(),
                SETTINGS);
    }

    private static String url(TestDatabase database, String mode, ServerCertificate trusted) {
        return database.uri() + "?sslmode=" + mode + "&sslrootcert="
                + URLEncoder.encode(trusted.file().toString(), StandardCharsets.UTF_8);
    }

    /** As an operator configures it. */
    private static SideSettings at(String url) {
        try {
            return SettingsLoader.load(
                            null, Map.of("CROSSFADE_LEGACY_URL", url, "CROSSFADE_ADMIN_TOKEN", "of-the-tests"), false)
                    .settings()
                    .legacy();
        } catch (InvalidSettingsException e) {
            throw new IllegalStateException(e);
        }
    }
}
