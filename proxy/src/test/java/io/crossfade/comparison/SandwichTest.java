package io.crossfade.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.call.Answer;
import io.crossfade.call.Caller;
import io.crossfade.call.Outcome;
import io.crossfade.call.Query;
import io.crossfade.call.Read;
import io.crossfade.call.Repository;
import io.crossfade.catalog.Catalog;
import io.crossfade.catalog.Column;
import io.crossfade.catalog.Relation;
import io.crossfade.comparison.answers.Reading;
import io.crossfade.comparison.answers.Said;
import io.crossfade.comparison.answers.VersionedRead;
import io.crossfade.migration.Side;
import io.crossfade.routing.ShadowState;
import io.crossfade.routing.Shadows;
import io.crossfade.settings.CompareSettings;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A page of which every version is seen, beside a total of rows that nobody looked at. */
@NullUnmarked // the worker is opened before each test
class SandwichTest {
    private static final long TOTAL = 5_000;

    private Vertx vertx;
    private WorkerExecutor worker;

    @BeforeEach
    void open() {
        vertx = Vertx.vertx();
        worker = vertx.createSharedWorkerExecutor("comparing", 1);
    }

    @AfterEach
    void close() {
        worker.close().await();
        vertx.close().await();
    }

    @Test
    void aTotalThatDiffersWhileNothingIsReplayedIsConfirmed() {
        assertThat(find("same", TOTAL + 1, times -> 7L).confirmed()).isTrue();
    }

    @Test
    void aTotalThatDiffersWhileRowsAreReplayedIsNotConfirmedForARowMayComeAndGo() {
        assertThat(find("same", TOTAL + 1, times -> times < 3 ? 7L : 8L).confirmed())
                .isFalse();
    }

    @Test
    void aTotalThatDiffersIsNotConfirmedWhereAnotherInstanceReplays() {
        assertThat(find("same", TOTAL + 1, times -> null).confirmed()).isFalse();
    }

    @Test
    void aRowThatDiffersBesideSuchATotalIsConfirmedByItsVersion() {
        Sandwich.Finding finding = find("other", TOTAL, times -> (long) times);

        assertThat(finding.confirmed()).isTrue();
    }

    private Sandwich.Finding find(String onShadow, long totalOnShadow, Function<Integer, @Nullable Long> written) {
        Read read = new Read(
                Repository.ofDefaultSchema("public", "t"),
                new Caller(null, "someone"),
                Query.EVERYTHING,
                new Answer(Answer.Shape.ARRAY, false, true, false, Answer.Count.EXACT, null));
        Catalog catalog = catalog();
        VersionedRead versioned = VersionedRead.of(read, catalog, catalog);
        Reading reading = versioned.reading(catalog, catalog, CompareSettings.DEFAULTS, Set.of());
        Written group = new Written(written);
        return new Sandwich(
                        (side, asked) -> Future.succeededFuture(
                                side == Side.LEGACY ? said(side, "same", TOTAL) : said(side, onShadow, totalOnShadow)),
                        () -> group,
                        worker,
                        Duration.ofMinutes(1),
                        Side.LEGACY,
                        versioned,
                        reading)
                .run()
                .await();
    }

    private static Said said(Side side, String value, long total) {
        Buffer body = Buffer.buffer("[{\"id\":1,\"v\":\"" + value + "\",\"_crossfade_key_0\":1,"
                + "\"_crossfade_version\":\"5\",\"_crossfade_place\":\"(0,1)\"}]");
        return new Said(side, Outcome.ofRows(body, 1, total), null, 1);
    }

    private static Catalog catalog() {
        Map<String, Column> columns = Map.of(
                "id",
                new Column("id", "integer", false, null, false),
                "v",
                new Column("v", "text", false, null, false));
        Relation relation = new Relation("public", "t", Relation.Kind.TABLE, columns, List.of("id"), List.of());
        return new Catalog(Map.of("public", Map.of("t", relation)), Map.of());
    }

    /** A shadow that is always true, and written as often as is said for each time it was waited for. */
    private static final class Written implements Shadows.Group {
        private final Function<Integer, @Nullable Long> written;
        private int times;

        Written(Function<Integer, @Nullable Long> written) {
            this.written = written;
        }

        @Override
        public String name() {
            return "t";
        }

        @Override
        public ShadowState state() {
            OffsetDateTime now = OffsetDateTime.parse("2026-03-29T00:00:00Z");
            return new ShadowState(now, now, 0, 0, null);
        }

        @Override
        public synchronized @Nullable Long written() {
            return written.apply(times);
        }

        @Override
        public synchronized Future<Void> caughtUp() {
            times++;
            return Future.succeededFuture();
        }
    }
}
