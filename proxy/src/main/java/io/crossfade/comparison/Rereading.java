package io.crossfade.comparison;

import io.crossfade.call.Answer;
import io.crossfade.call.CallShape;
import io.crossfade.call.Read;
import io.crossfade.comparison.Dropped.Reason;
import io.crossfade.comparison.answers.Answers;
import io.crossfade.comparison.answers.Reading;
import io.crossfade.comparison.answers.Said;
import io.crossfade.migration.Side;
import io.crossfade.routing.RepositoryRollout;
import io.crossfade.routing.Shadows;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Makes a read that differed once more on both sides. It counts as no comparison: nobody has sent it now. */
record Rereading(Means means) {
    /** Whether both sides give the same now; fails with {@link Dropped} where that cannot be said. */
    Future<Boolean> agrees(Read read) {
        String repository = read.repository().name();
        RepositoryRollout standing = means.table().get().of(repository);
        Side authority = standing.stage().authority();
        Shadows.@Nullable Group group = means.shadows().of(repository, authority);
        if (standing.onItsWay() || group == null || !group.showsTrueState()) {
            return Future.failedFuture(new Dropped(Reason.CATCHING_UP, authority.other()));
        }
        return ask(authority, read)
                .compose(one -> group.caughtUp(means.settings().timeout())
                        .compose(caughtUp -> ask(authority.other(), read))
                        .compose(other -> one.isIdentical(other, read.answer().count() == Answer.Count.EXACT)
                                ? Future.succeededFuture(true)
                                : compare(read, authority, one, other)));
    }

    private Future<Said> ask(Side side, Read read) {
        return means.asking()
                .ask(side, read)
                .compose(said -> said.bytes() > means.settings().maxBytes()
                        ? Future.failedFuture(new Dropped(Reason.TOO_LARGE, side))
                        : Future.succeededFuture(said));
    }

    private Future<Boolean> compare(Read read, Side authority, Said one, Said other) {
        Reading reading = means.reading(read, authority, CallShape.of(read));
        return means.worker()
                .executeBlocking(() -> !Answers.compare(reading, one, other).isMismatch(), false);
    }
}
