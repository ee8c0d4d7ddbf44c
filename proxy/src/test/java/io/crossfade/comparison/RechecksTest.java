package io.crossfade.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.call.Answer;
import io.crossfade.call.Caller;
import io.crossfade.call.Query;
import io.crossfade.call.Read;
import io.crossfade.call.Repository;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RechecksTest {
    private final List<String> equalAgain = new ArrayList<>();
    private final Deque<Future<Boolean>> answers = new ArrayDeque<>();
    private final List<String> asked = new ArrayList<>();
    private long now;
    private final Rechecks rechecks = new Rechecks(
            read -> {
                asked.add(read.repository().name());
                return answers.removeFirst();
            },
            new Mismatch.Sink() {
                @Override
                public void accept(Mismatch mismatch) {}

                @Override
                public void agrees(String repository, MismatchKind kind, List<String> columns, Instant began) {
                    equalAgain.add(repository + " " + kind.label() + " " + columns);
                }
            },
            InstantSource.system(),
            () -> now);

    @Test
    void aReadIsMadeAgainAfterPausesThatDoubleUntilBothSidesGiveTheSame() {
        rechecks.found(read("clients"), differing("name"));
        look(4);
        assertThat(asked).isEmpty();
        answers.add(Future.succeededFuture(false));
        look(5);
        look(14);
        assertThat(asked).hasSize(1);
        answers.add(Future.failedFuture("a side is down"));
        look(15);
        answers.add(Future.succeededFuture(true));
        look(34);
        assertThat(equalAgain).isEmpty();
        look(35);
        assertThat(equalAgain).containsExactly("clients value [name]");
        look(10_000);
        assertThat(asked).hasSize(3);
    }

    @Test
    void whatIsFoundAgainWhileItIsReadAgainIsNotTakenForEqual() {
        Promise<Boolean> answer = Promise.promise();
        answers.add(answer.future());
        rechecks.found(read("clients"), differing("name"));
        now = TimeUnit.SECONDS.toNanos(5);
        Future<Void> looked = rechecks.look();
        rechecks.found(read("clients"), differing("name"));
        answer.complete(true);
        assertThat(looked.succeeded()).isTrue();
        assertThat(equalAgain).isEmpty();
        answers.add(Future.succeededFuture(true));
        look(10);
        assertThat(equalAgain).hasSize(1);
    }

    @Test
    void oneThatThrowsKeepsNoOtherFromBeingReadAgain() {
        rechecks.found(read("clients"), differing("name"));
        look(5);
        answers.add(Future.succeededFuture(true));
        look(15);
        assertThat(equalAgain).hasSize(1);
    }

    @Test
    void ofTooManyTheOldestAreForgotten() {
        for (int i = 0; i <= Rechecks.MOST_PLACES; i++) {
            rechecks.found(read("clients"), differing("column " + i));
        }
        for (int i = 0; i <= Rechecks.MOST_PLACES; i++) {
            answers.add(Future.succeededFuture(true));
            look(5);
        }
        assertThat(equalAgain).hasSize(Rechecks.MOST_PLACES).doesNotContain("clients value [column 0]");
    }

    @Test
    void allReadsThatShowedItHaveToBeEqualAndOfManyTheYoungestAreMade() {
        for (long i = 1; i <= 2 * Rechecks.MOST_READS; i++) {
            rechecks.found(read("clients", i), differing("name"));
        }
        for (int i = 1; i < Rechecks.MOST_READS; i++) {
            answers.add(Future.succeededFuture(true));
        }
        answers.add(Future.succeededFuture(false));
        look(5);
        assertThat(asked).hasSize(Rechecks.MOST_READS);
        assertThat(equalAgain).isEmpty();
    }

    private void look(long seconds) {
        now = TimeUnit.SECONDS.toNanos(seconds);
        assertThat(rechecks.look().succeeded()).isTrue();
    }

    private static List<Difference> differing(String column) {
        return List.of(new Difference(MismatchKind.VALUE, null, List.of(column), null, null));
    }

    private static Read read(String table) {
        return read(table, 1);
    }

    private static Read read(String table, long limit) {
        return new Read(
                Repository.ofDefaultSchema("public", table),
                new Caller(null, "someone"),
                new Query(Query.EVERYTHING.select(), List.of(), List.of(), limit, 0),
                Answer.ROWS);
    }
}
