package io.crossfade.comparison;

import io.crossfade.call.Answer;
import io.crossfade.call.CallShape;
import io.crossfade.call.Outcome;
import io.crossfade.call.Read;
import io.crossfade.catalog.Catalog;
import io.crossfade.comparison.Dropped.Reason;
import io.crossfade.comparison.Sandwich.Finding;
import io.crossfade.comparison.answers.Answers;
import io.crossfade.comparison.answers.Reading;
import io.crossfade.comparison.answers.Said;
import io.crossfade.comparison.answers.Verdict;
import io.crossfade.comparison.answers.VersionedRead;
import io.crossfade.comparison.answers.Versions;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation.ReadCompared;
import io.crossfade.routing.RepositoryRollout;
import io.crossfade.routing.Route;
import io.crossfade.routing.Shadows;
import io.crossfade.settings.CompareSettings;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One read, compared: the answer that was given, that of the other side, and where they differ a sandwich. */
final class Comparison {
    private final Read read;
    private final Route route;
    private final AsyncResult<Outcome> answer;
    private final long nanos;
    private final Means means;
    private final Side authority;
    private final String repository;
    private final String shape;
    private final AtomicLong held;

    /** @param held counts the bytes of answers that it holds */
    Comparison(Read read, Route route, AsyncResult<Outcome> answer, long nanos, Means means, AtomicLong held) {
        this.read = read;
        this.route = route;
        this.answer = answer;
        this.nanos = nanos;
        this.means = means;
        this.held = held;
        this.authority = route.stage().authority();
        this.repository = read.repository().name();
        this.shape = CallShape.of(read);
    }

    /** Fails with {@link Dropped} where nothing can be said, with {@link Disagreement} where the answer is to fail. */
    Future<Void> run() {
        long epoch = standing().epoch();
        if (standing().stage().authority() != authority || standing().onItsWay()) {
            return Future.failedFuture(new Dropped(Reason.MOVED));
        }
        // A shadow that is behind has other work than to answer us, unless our answer is waited for.
        if (!means.settings().fail() && !means.hasTrueShadow(repository, authority)) {
            return Future.failedFuture(whyNotTrue());
        }
        return Asking.said(route.answering(), answer, nanos)
                .compose(this::hold)
                .compose(given -> ask(route.answering().other(), read)
                        .compose(other ->
                                given.side() == authority ? judge(given, other, epoch) : judge(other, given, epoch)))
                .compose(judged -> listenForNoise());
    }

    /** While a side is down nothing is learnt of the shadow, and that is not because it is behind. */
    private Dropped whyNotTrue() {
        Side down = means.asking().down();
        return down == null ? new Dropped(Reason.CATCHING_UP, authority.other()) : new Dropped(Reason.SIDE_DOWN, down);
    }

    private Future<Void> judge(Said one, Said other, long epoch) {
        // Nearly always, so nothing else is worked out before.
        if (one.isIdentical(other, read.answer().count() == Answer.Count.EXACT)) {
            return tell(ReadCompared.Verdict.MATCHED, Verdict.MATCHED, false, one, other, epoch);
        }
        Reading reading = means.reading(read, authority, shape);
        return means.worker()
                .executeBlocking(() -> Answers.compare(reading, one, other), false)
                .compose(verdict -> verdict.isMismatch()
                        ? sandwich().compose(finding -> tell(verdict, finding, one, other, epoch))
                        : tell(verdict.result(), verdict, false, one, other, epoch));
    }

    private Future<Finding> sandwich() {
        Catalog one = catalog(authority);
        Catalog other = catalog(authority.other());
        VersionedRead versioned = VersionedRead.of(read, one, other);
        Reading reading = versioned.reading(one, other, rules(), means.noise().of(shape));
        return new Sandwich(
                        this::ask,
                        this::group,
                        means.worker(),
                        means.settings().timeout(),
                        authority,
                        versioned,
                        reading)
                .run();
    }

    private Future<Void> tell(Verdict first, Finding finding, Said one, Said other, long epoch) {
        means.noise().remember(shape, finding.noise());
        Verdict verdict = finding.verdict();
        if (verdict != null && (finding.confirmed() || verdict.result() == ReadCompared.Verdict.IGNORED)) {
            return tell(verdict.result(), verdict, finding.confirmed(), one, other, epoch);
        }
        return tell(ReadCompared.Verdict.MISMATCHED, first, false, one, other, epoch);
    }

    private Future<Void> tell(
            ReadCompared.Verdict result, Verdict found, boolean confirmed, Said one, Said other, long epoch) {
        if (standing().epoch() != epoch) {
            return Future.failedFuture(new Dropped(Reason.MOVED));
        }
        means.observer()
                .observe(new ReadCompared(
                        repository,
                        read.operation(),
                        route.stage(),
                        shape,
                        result,
                        confirmed,
                        found.kinds(),
                        found.columns(),
                        one.summary(),
                        other.summary()));
        if (result == ReadCompared.Verdict.MISMATCHED) {
            means.sink()
                    .accept(new Mismatch(
                            repository, read.operation(), shape, authority, confirmed, found.differences()));
            if (confirmed) {
                means.rechecks().found(read, found.differences());
            }
        }
        return confirmed && means.settings().fail()
                ? Future.failedFuture(new Disagreement(repository, found))
                : Future.succeededFuture();
    }

    /** On a small share, the authority is asked twice what it knows: what differs then differs against itself. */
    private Future<Void> listenForNoise() {
        if (ThreadLocalRandom.current().nextDouble(100) >= means.settings().noiseShare()) {
            return Future.succeededFuture();
        }
        Catalog one = catalog(authority);
        VersionedRead versioned = VersionedRead.of(read, one, catalog(authority.other()));
        if (!versioned.versioned()) {
            return Future.succeededFuture();
        }
        Reading reading = versioned.reading(
                one, catalog(authority.other()), rules(), means.noise().of(shape));
        return ask(authority, versioned.read())
                .compose(before -> ask(authority, versioned.read())
                        .compose(after -> means.worker()
                                .executeBlocking(() -> Versions.between(reading, versioned, before, after), false)))
                .<Void>map(versions -> {
                    means.noise().remember(shape, versions.noise());
                    return null;
                })
                // What was asked for is known already; this was only a chance to learn more.
                .otherwiseEmpty();
    }

    private Future<Said> ask(Side side, Read asked) {
        return means.asking().ask(side, asked).compose(this::hold);
    }

    private Future<Said> hold(Said said) {
        if (said.bytes() > means.settings().maxBytes()) {
            return Future.failedFuture(new Dropped(Reason.TOO_LARGE, said.side()));
        }
        held.addAndGet(said.bytes());
        means.inFlight().hold(said.bytes());
        return Future.succeededFuture(said);
    }

    private @Nullable Catalog catalog(Side side) {
        return means.catalogs().find(side);
    }

    private CompareSettings rules() {
        return means.policy().rules(repository);
    }

    private RepositoryRollout standing() {
        return means.table().get().of(repository);
    }

    private Shadows.@Nullable Group group() {
        return means.shadows().of(repository, authority);
    }
}
