package io.crossfade.statistics;

import io.crossfade.ledger.Book;
import io.crossfade.ledger.Bookkeeper;
import io.crossfade.ledger.Ledger;
import io.crossfade.migration.Side;
import io.crossfade.observation.Observation;
import io.crossfade.observation.Observation.CallServed;
import io.crossfade.observation.Observation.ComparisonDropped;
import io.crossfade.observation.Observation.ReadCompared;
import io.crossfade.observation.Observation.SideAnswer;
import io.crossfade.observation.Observer;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Counts how the sides do, by the hour, for fourteen days. Calls that a side answered and reads that were compared are kept
 * apart: the first is what users got, the second is the same reads on both sides. Reads that were to be compared and were not are
 * counted by their reason, or a side that does not answer would look as good as the other.
 *
 * <p>It holds names, numbers and classes of error codes, and never a value. Threads: any; nothing blocks.
 */
public final class Statistics implements Observer {
    /** The longest time that can be asked for. */
    public static final Duration KEPT = Duration.ofDays(14);

    private static final Book BOOK = new Book("statistics", Duration.ofHours(1), KEPT, 20_000, 200_000);

    private static final String NO_SIDE = "none";

    private final Ledger<Numbers> ledger;

    /** @param sides the databases that keep it */
    public Statistics(Set<Side> sides, InstantSource clock) {
        this.ledger = new Ledger<>(BOOK, sides, clock, Numbers::new);
    }

    /** What is to be written down. */
    public Ledger<Numbers> ledger() {
        return ledger;
    }

    /** What all proxies have counted since then. */
    public Future<Benchmark> since(Duration time, Bookkeeper books) {
        return books.read(ledger, time).map(known -> Benchmark.of(known.lines(), known.silent()));
    }

    @Override
    public void observe(Observation observation) {
        if (observation instanceof CallServed served && served.answer() != null) {
            count(served.repository(), served.operation().label(), served.answer(), Role.ANSWERING);
        } else if (observation instanceof ReadCompared compared) {
            String repository = compared.repositoryLabel();
            count(repository, compared.operation().label(), compared.authority(), Role.COMPARING);
            count(repository, compared.operation().label(), compared.shadow(), Role.COMPARING);
        } else if (observation instanceof ComparisonDropped dropped) {
            String side = dropped.side() == null ? NO_SIDE : dropped.side().label();
            ledger.count(
                    List.of(dropped.repository(), dropped.reason(), side, Role.NOT_COMPARED.label()),
                    Numbers::countNone);
        }
    }

    private void count(String repository, String operation, SideAnswer answer, Role role) {
        ledger.count(
                List.of(repository, operation, answer.side().label(), role.label()), numbers -> numbers.count(answer));
    }

    /** What a call was asked of a side for. */
    public enum Role {
        /** To answer a caller. */
        ANSWERING,
        /** To compare: both sides of the same read. */
        COMPARING,
        /** To compare, which was not done; its numbers are kept by the reason, and are of no side's answers. */
        NOT_COMPARED;

        /** The name used in the API. */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        static Optional<Role> byLabel(String label) {
            return Arrays.stream(values())
                    .filter(role -> role.label().equals(label))
                    .findFirst();
        }
    }
}
