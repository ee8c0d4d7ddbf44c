package io.crossfade.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.audit.AuditLog.Verification;
import io.crossfade.migration.Side;
import io.crossfade.migration.Stage;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.crossfade.state.GroupState;
import io.crossfade.state.StateRows;
import io.crossfade.state.StateRows.Statements;
import io.crossfade.testing.CanIgnoreReturnValue;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every change leaves an entry, and whoever changes the history is found out. */
class AuditLogTest {
    private final Vertx vertx = Vertx.vertx();
    private TestDatabase legacy;
    private TestDatabase target;
    private Sides sides;
    private AuditLog audit;

    @BeforeEach
    void open() throws IOException {
        legacy = PostgresServers.legacy().database(List.of(schema()));
        target = PostgresServers.target().database(List.of(schema()));
        sides = Sides.open(vertx, CrossfadeExtension.settings(legacy, target), observation -> {});
        audit = AuditLog.of(sides.all(), group -> Side.TARGET);
    }

    @AfterEach
    void close() throws Exception {
        sides.close().eventually(vertx::close).await(20, TimeUnit.SECONDS);
        legacy.drop();
        target.drop();
    }

    // What is written

    @Test
    void aChangeAndItsCopyAreOneEntryThatTellsWhoWhatFromToWhyAndEpoch() throws Exception {
        GroupState first = decided(GroupState.first("shop", Stage.SHADOW, 0, Map.of(), "crossfade"), null);
        GroupState second = first.changedTo(Stage.ROLLOUT, 12.5, Map.of(), "anna", "all green");
        var unused = decided(second, first);
        copied();

        List<AuditEntry> entries = list(10);

        assertThat(entries).extracting(AuditEntry::epoch).containsExactly(2L, 1L);
        AuditEntry entry = entries.get(0);
        assertThat(entry.operator()).isEqualTo("anna");
        assertThat(entry.kind()).isEqualTo("state");
        assertThat(entry.group()).isEqualTo("shop");
        assertThat(entry.reason()).isEqualTo("all green");
        assertThat(entry.sides()).containsExactly(Side.LEGACY, Side.TARGET);
        assertThat(new JsonObject(entry.was()).getString("stage")).isEqualTo("shadow");
        assertThat(new JsonObject(entry.becomes()).getString("stage")).isEqualTo("rollout");
        assertThat(new JsonObject(entry.becomes()).getDouble("rollout")).isEqualTo(12.5);
        assertThat(entries.get(1).sides())
                .as("the copy came later and skipped it")
                .containsExactly(Side.LEGACY);
        assertSound();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            origin  | UPDATE crossfade.state SET epoch = 2, stage = 'off', changed_by = 'psql', reason = 'by hand'
            replica | UPDATE crossfade.state SET epoch = 2, stage = 'off', changed_by = 'psql', reason = 'by hand'
            origin  | INSERT INTO crossfade.state (group_name, epoch, stage, authority, rollout, changed_by, reason) VALUES ('shop', 2, 'off', 'legacy', 0, 'psql', 'by hand') ON CONFLICT (group_name) DO UPDATE SET epoch = 2, changed_by = 'psql', reason = 'by hand'
            """)
    void noWayOfChangingAStatePassesTheHistoryBy(String role, String change) throws Exception {
        var unused = decided(GroupState.first("shop", Stage.SHADOW, 0, Map.of(), "crossfade"), null);
        legacy.execute("SET session_replication_role = " + role + "; " + change + "; RESET session_replication_role");

        assertThat(list(10).get(0).operator()).isEqualTo("psql");
        assertSound();
    }

    @Test
    void aChangeThatIsTakenBackLeavesNoEntry() throws Exception {
        var unused = decided(GroupState.first("shop", Stage.SHADOW, 0, Map.of(), "crossfade"), null);
        legacy.execute("BEGIN; UPDATE crossfade.state SET epoch = 2; ROLLBACK");

        assertThat(list(10)).hasSize(1);
        assertSound();
    }

    @Test
    void anActIsKeptOnTheAuthorityOfItsGroupAndElsewhereWhereThatIsAway() throws Exception {
        await(audit.append("anna", "shop", "override", new JsonObject().put("stage", "live"), "we agreed"));
        target.execute("DROP SCHEMA crossfade CASCADE");
        await(audit.append("anna", "shop", "override", new JsonObject(), "again"));

        assertThat(list(10)).extracting(AuditEntry::reason).containsExactly("again");
        assertThat(legacy.value("SELECT reason FROM crossfade.audit")).isEqualTo("again");
    }

    @Test
    void manyActsAtOnceAreOneChain() throws Exception {
        List<Future<Void>> acts = IntStream.range(0, 30)
                .mapToObj(i -> audit.append("anna", null, "dead-letter-retried", new JsonObject().put("letter", i), ""))
                .toList();
        var unused = await(Future.all(acts));

        assertThat(await(audit.verify()).entries()).containsEntry(Side.LEGACY, 30L);
        assertSound();
    }

    @Test
    void aHistoryThatWasDamagedKeepsNobodyFromTheWayBackAndIsFound() throws Exception {
        GroupState first = decided(GroupState.first("shop", Stage.SHADOW, 0, Map.of(), "crossfade"), null);
        legacy.execute("ALTER TABLE crossfade.audit RENAME TO elsewhere");
        var unused = decided(first.changedTo(Stage.OFF, 0, Map.of(), "anna", "back"), first);
        legacy.execute("ALTER TABLE crossfade.elsewhere RENAME TO audit");

        assertThat(problems()).containsExactly("the group is at epoch 2, and the last entry is of epoch 1");
    }

    // What is found

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            UPDATE crossfade.audit SET operator = 'somebody else' WHERE epoch = 2           | 2 | the entry was changed
            UPDATE crossfade.audit SET reason = 'another one' WHERE epoch = 2               | 2 | the entry was changed
            UPDATE crossfade.audit SET at = at - interval '1 hour' WHERE epoch = 2          | 2 | the entry was changed
            UPDATE crossfade.audit SET becomes = '{"rollout": 1}' WHERE epoch = 2            | 2 | the entry was changed
            UPDATE crossfade.audit SET was = NULL WHERE epoch = 2                           | 2 | the entry was changed
            DELETE FROM crossfade.audit WHERE epoch = 1                                     | 2 | were taken out
            DELETE FROM crossfade.audit WHERE epoch = 2                                     | 3 | were taken out
            DELETE FROM crossfade.audit WHERE epoch = 3                                     | 3 | the last entry is of epoch 2
            TRUNCATE crossfade.audit                                                        | 3 | the last entry is of epoch 0
            """)
    void theFirstLinkThatIsNotRightIsNamed(String tampering, long epoch, String problem) throws Exception {
        threeChanges();
        assertSound();
        legacy.execute(tampering);

        List<Finding> findings = await(audit.verify()).findings();

        assertThat(findings).isNotEmpty().first().satisfies(finding -> {
            assertThat(finding.side()).isEqualTo(Side.LEGACY);
            assertThat(finding.chain()).isEqualTo("state:shop");
            assertThat(finding.epoch()).isEqualTo(epoch);
            assertThat(finding.problem()).contains(problem);
        });
    }

    @Test
    void whoWritesAWholeHistoryAnewOnOneSideIsFoundByTheOther() throws Exception {
        threeChanges();
        copied();
        legacy.execute("""
                CREATE TEMP TABLE forged AS SELECT * FROM crossfade.audit ORDER BY id;
                TRUNCATE crossfade.audit;
                SELECT crossfade.add_to_audit(chain, at, CASE epoch WHEN 3 THEN 'innocent' ELSE operator END, group_name,
                  kind, was, becomes, reason, epoch) FROM (SELECT * FROM forged ORDER BY id) AS entries""");

        assertThat(await(audit.verify()).findings()).singleElement().satisfies(finding -> {
            assertThat(finding.side()).isNull();
            assertThat(finding.epoch()).isEqualTo(3);
            assertThat(finding.problem()).contains("tell differently");
        });
    }

    @Test
    void moreEntriesThanFitAPageAreWalkedAndListed() throws Exception {
        var unused = decided(GroupState.first("shop", Stage.SHADOW, 0, Map.of(), "crossfade"), null);
        legacy.execute("""
                DO $$ BEGIN FOR i IN 2..2500 LOOP
                  UPDATE crossfade.state SET epoch = i, changed_at = clock_timestamp(), reason = i::text;
                END LOOP; END $$""");

        assertThat(await(audit.verify()).entries()).containsEntry(Side.LEGACY, 2_500L);
        assertSound();
        AuditLog.Page page = await(audit.list(1_000, null));
        assertThat(page.more()).isTrue();
        String next = page.entries().get(999).at().toInstant().toString();
        assertThat(await(audit.list(1_000, next)).entries().get(0).epoch()).isEqualTo(1_500);
        legacy.execute("UPDATE crossfade.audit SET reason = 'x' WHERE epoch = 2400");
        assertThat(await(audit.verify()).findings())
                .singleElement()
                .extracting(Finding::epoch)
                .isEqualTo(2_400L);
    }

    @Test
    void ofASideThatDoesNotAnswerItIsSaidSo() throws Exception {
        var unused = decided(GroupState.first("shop", Stage.SHADOW, 0, Map.of(), "crossfade"), null);
        target.execute("ALTER TABLE crossfade.audit RENAME COLUMN reason TO why");

        Verification verification = await(audit.verify());

        assertThat(verification.silent()).containsOnlyKeys(Side.TARGET);
        assertThat(verification.entries()).containsOnlyKeys(Side.LEGACY);
        assertThat(await(audit.list(10, null)).silent()).containsOnlyKeys(Side.TARGET);
    }

    private void threeChanges() throws Exception {
        GroupState first = decided(GroupState.first("shop", Stage.DUAL_WRITE, 0, Map.of(), "crossfade"), null);
        GroupState second = decided(first.changedTo(Stage.SHADOW, 0, Map.of(), "anna", "one"), first);
        var unused = decided(second.changedTo(Stage.ROLLOUT, 5, Map.of(), "boris", "two"), second);
    }

    @CanIgnoreReturnValue
    private GroupState decided(GroupState next, @Nullable GroupState from) throws Exception {
        Future<Boolean> stored = from == null
                ? StateRows.create(at(Side.LEGACY), next)
                : StateRows.compareAndSet(at(Side.LEGACY), from.epoch(), next);
        assertThat(await(stored)).isTrue();
        return next;
    }

    /** As a proxy does that finds the other side behind. */
    private void copied() throws Exception {
        GroupState known = Objects.requireNonNull(
                await(StateRows.read(at(Side.LEGACY))).states().get("shop"));
        assertThat(await(StateRows.follow(at(Side.TARGET), Side.TARGET, known))).isTrue();
    }

    private List<AuditEntry> list(int limit) throws Exception {
        return await(audit.list(limit, null)).entries();
    }

    private List<String> problems() throws Exception {
        return await(audit.verify()).findings().stream().map(Finding::problem).toList();
    }

    private void assertSound() throws Exception {
        Verification verification = await(audit.verify());
        assertThat(verification.findings()).isEmpty();
        assertThat(verification.silent()).isEmpty();
    }

    private Statements at(Side side) {
        Database database = sides.find(side).orElseThrow();
        return (sql, values) -> database.run(sql, values, false);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.await(20, TimeUnit.SECONDS);
    }

    private static String schema() throws IOException {
        try (InputStream in = AuditLogTest.class.getResourceAsStream("/schema/V001__crossfade.sql")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
