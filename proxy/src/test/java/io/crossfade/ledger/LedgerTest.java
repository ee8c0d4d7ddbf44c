package io.crossfade.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.migration.Side;
import io.crossfade.settings.Settings;
import io.crossfade.settings.SideSettings;
import io.crossfade.sides.Sides;
import io.crossfade.testing.CrossfadeExtension;
import io.crossfade.testing.PostgresServers;
import io.crossfade.testing.TcpRelay;
import io.crossfade.testing.TestDatabase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is counted is kept in both databases, whatever happens to them and to the proxies, and counts once. */
class LedgerTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration LONG = Duration.ofDays(10_000);
    private static final Book BOOK = new Book("test", HOUR, Duration.ofDays(14), 100, 1_000);

    private final Vertx vertx = Vertx.vertx();
    private volatile Instant now = Instant.now();
    private TestDatabase legacy;
    private TestDatabase target;
    private TcpRelay wire;
    private Sides sides;

    @BeforeEach
    void open() throws IOException {
        legacy = PostgresServers.legacy().database(List.of(schema()));
        target = PostgresServers.target().database(List.of(schema()));
        wire = new TcpRelay(target.connectOptions());
        Settings settings = CrossfadeExtension.settings(legacy, target);
        Settings wired = new Settings(
                settings.legacy(),
                SideSettings.at(wire.connectOptions()),
                settings.rest(),
                settings.admin(),
                settings.repositories(),
                settings.pins());
        sides = Sides.open(vertx, wired, observation -> {});
        sides.probe().await();
    }

    @AfterEach
    void close() {
        sides.close().await();
        vertx.close().await();
        wire.close();
        legacy.drop();
        target.drop();
    }

    @Test
    void aRestartKeepsTheNumbersAndTwoProxiesAddUp() {
        Ledger<Count> first = ledger(BOOK);
        count(first, "a", 3);
        Bookkeeper books = keeper(first);
        books.close().await();

        Ledger<Count> second = ledger(BOOK);
        count(second, "a", 4);
        Bookkeeper others = keeper(second);
        others.write().await();

        assertThat(total(others, second, "a")).isEqualTo(7);
        assertThat(legacy.rows("SELECT weight FROM crossfade.tally ORDER BY 1")).containsExactly("3", "4");
        assertThat(target.rows("SELECT weight FROM crossfade.tally ORDER BY 1")).containsExactly("3", "4");
        others.close().await();
    }

    @Test
    void whatIsWrittenAgainAfterALostAnswerCountsOnce() {
        Ledger<Count> ledger = ledger(BOOK);
        count(ledger, "a", 3);
        Ledger.Batch batch = ledger.unwritten(Side.LEGACY);
        TallyRows.write(sides.find(Side.LEGACY).orElseThrow(), BOOK, ledger.instance(), batch.json())
                .await();
        // Its answer was lost: the ledger does not know that it was written, and the number has grown meanwhile.
        count(ledger, "a", 1);
        Bookkeeper books = keeper(ledger);
        books.write().await();
        TallyRows.write(sides.find(Side.LEGACY).orElseThrow(), BOOK, ledger.instance(), batch.json())
                .await();

        assertThat(legacy.rows("SELECT weight, numbers->>'n' FROM crossfade.tally"))
                .containsExactly("4|4");
        assertThat(total(books, ledger, "a")).isEqualTo(4);
        books.close().await();
    }

    @Test
    void whatSeveralThreadsCountWhileItIsWrittenHourByHourIsAllThere() {
        Ledger<Count> ledger = ledger(BOOK);
        Bookkeeper books = keeper(ledger);
        AtomicLong counted = new AtomicLong();
        AtomicBoolean ended = new AtomicBoolean();
        List<CompletableFuture<Void>> threads = Stream.generate(() -> CompletableFuture.runAsync(
                        () -> {
                            while (!ended.get()) {
                                count(ledger, "a", 1);
                                counted.incrementAndGet();
                                Thread.onSpinWait();
                            }
                        },
                        task -> new Thread(task).start()))
                .limit(2)
                .toList();
        for (int hour = 0; hour < 10; hour++) {
            books.write().await();
            now = now.plus(HOUR);
        }
        ended.set(true);
        threads.forEach(CompletableFuture::join);
        books.write().await();

        assertThat(ledger.lost()).isZero();
        assertThat(total(books, ledger, "a")).isEqualTo(counted.get());
        for (TestDatabase side : List.of(legacy, target)) {
            assertThat(side.number("SELECT sum((numbers->>'n')::bigint) FROM crossfade.tally"))
                    .isEqualTo(counted.get());
            assertThat(side.number("SELECT count(*) FROM crossfade.tally WHERE weight <> (numbers->>'n')::bigint"))
                    .isZero();
        }
        assertThat(ledger.lines(Instant.EPOCH)).hasSizeLessThan(3);
        books.close().await();
    }

    @Test
    void aDatabaseThatIsAwayGetsWhatItMissedOverHoursWhenItIsBack() {
        Ledger<Count> ledger = ledger(BOOK);
        Bookkeeper books = keeper(ledger);
        wire.cut();
        awaitHealth(Side.TARGET, false);
        count(ledger, "a", 3);
        books.write().await();
        now = now.plus(HOUR);
        count(ledger, "a", 5);
        books.write().await();
        assertThat(target.number("SELECT count(*) FROM crossfade.tally")).isZero();
        wire.restore();
        awaitHealth(Side.TARGET, true);
        books.write().await();

        assertThat(target.rows("SELECT weight FROM crossfade.tally ORDER BY period"))
                .containsExactly("3", "5");
        books.close().await();
    }

    @Test
    void memoryIsBoundedWhileADatabaseIsAwayAndWhatDidNotFitIsTold() {
        Ledger<Count> ledger = ledger(new Book("test", HOUR, Duration.ofDays(14), 2, 1_000));
        count(ledger, "a", 1);
        count(ledger, "b", 1);
        count(ledger, "c", 1);
        assertThat(ledger.lost()).isEqualTo(1);
        now = now.plus(HOUR);
        count(ledger, "c", 1);
        assertThat(ledger.lost()).isEqualTo(2);
        assertThat(ledger.lines(Instant.EPOCH)).extracting(Line::key).containsExactly(List.of("b"), List.of("c"));
    }

    @Test
    void whatBothDatabasesHaveOfAnHourThatIsOverIsLetGo() {
        Ledger<Count> ledger = ledger(BOOK);
        Bookkeeper books = keeper(ledger);
        count(ledger, "a", 3);
        now = now.plus(HOUR);
        books.write().await();
        assertThat(ledger.lines(Instant.EPOCH)).isEmpty();
        assertThat(total(books, ledger, "a")).isEqualTo(3);
        books.close().await();
    }

    @Test
    void whatIsTooOldOrTooMuchIsTakenOut() {
        Ledger<Count> ledger = ledger(new Book("test", HOUR, Duration.ofDays(14), 100, 5));
        legacy.execute(
                "INSERT INTO crossfade.tally SELECT 'test', date_trunc('hour', now()) - make_interval(days => n),"
                        + " gen_random_uuid(), gen_random_uuid(), '[\"a\"]', 1, '{\"n\": 1}' FROM generate_series(1, 30) AS n");
        legacy.execute("INSERT INTO crossfade.tally VALUES ('other', now() - interval '1 year', gen_random_uuid(),"
                + " gen_random_uuid(), '[]', 1, '{}')");
        Bookkeeper books = keeper(ledger);
        books.write().await();

        assertThat(legacy.rows("SELECT date_trunc('day', now()) - date_trunc('day', period) FROM crossfade.tally"
                        + " WHERE book = 'test' ORDER BY period DESC"))
                .containsExactly("1 day", "2 days", "3 days", "4 days", "5 days");
        assertThat(legacy.number("SELECT count(*) FROM crossfade.tally WHERE book = 'other'"))
                .isEqualTo(1);
        books.close().await();
    }

    private Ledger<Count> ledger(Book book) {
        return new Ledger<>(book, EnumSet.allOf(Side.class), () -> now, Count::new);
    }

    private Bookkeeper keeper(Ledger<Count> ledger) {
        return Bookkeeper.open(vertx, sides, List.of(ledger), HOUR);
    }

    private static void count(Ledger<Count> ledger, String key, int times) {
        for (int n = 0; n < times; n++) {
            ledger.count(List.of(key), entry -> entry.n++);
        }
    }

    private static long total(Bookkeeper books, Ledger<Count> ledger, String key) {
        return books.read(ledger, LONG).await().lines().stream()
                .filter(line -> line.key().equals(List.of(key)))
                .mapToLong(line -> line.numbers().getLong("n"))
                .sum();
    }

    private void awaitHealth(Side side, boolean up) {
        while ((sides.problem(side) == null) != up) {
            sides.probe().await();
        }
    }

    private static String schema() throws IOException {
        try (InputStream in = LedgerTest.class.getResourceAsStream("/schema/V001__crossfade.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static final class Count implements Entry {
        private long n;

        @Override
        public long weight() {
            return n;
        }

        @Override
        public JsonObject numbers() {
            return new JsonObject().put("n", n);
        }

        @Override
        public void add(JsonObject numbers) {
            n += numbers.getLong("n");
        }
    }
}
