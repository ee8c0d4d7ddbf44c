package io.crossfade.settings;

import java.time.Duration;

/** Reads what a read of the shadow may miss and what a write waits for, and refuses what could not be kept. */
final class FreshnessReader {
    private FreshnessReader() {}

    static FreshnessSettings read(Section keys) {
        FreshnessSettings defaults = FreshnessSettings.DEFAULTS;
        return new FreshnessSettings(
                keys.read("ack", Parsers.ack()).orElse(defaults.ack()),
                keys.read("ackTimeout", Parsers.duration()).orElse(defaults.ackTimeout()),
                keys.read("freshFor", Parsers.duration()).orElse(defaults.freshFor()),
                keys.read("staleReads", Parsers.staleReads()).orElse(defaults.staleReads()));
    }

    static void check(Section keys, RepositorySettings repository) {
        FreshnessSettings freshness = repository.freshness();
        Duration least = freshness.freshFor().multipliedBy(2);
        if (freshness.ackTimeout().compareTo(least) < 0) {
            keys.report(
                    keys.holds("ackTimeout") ? "ackTimeout" : "freshFor",
                    "ackTimeout is " + text(freshness.ackTimeout()) + ", which is less than twice freshFor; a write may"
                            + " be answered only after every proxy has stopped reading the older state, so set"
                            + " ackTimeout to at least " + text(least) + ", or lower freshFor");
        }
        if (freshness.freshFor().compareTo(FreshnessSettings.SHORTEST_FRESH_FOR) < 0) {
            keys.report(
                    "freshFor",
                    "freshFor is " + text(freshness.freshFor())
                            + ", and no proxy knows the shadow that well; set it to at" + " least "
                            + text(FreshnessSettings.SHORTEST_FRESH_FOR));
        }
        freshness.refusal(repository.stage()).ifPresent(refusal -> keys.report("ack", refusal));
    }

    /** The first key that differs. */
    static String difference(FreshnessSettings one, FreshnessSettings other) {
        if (one.ack() != other.ack()) {
            return "ack";
        }
        if (one.staleReads() != other.staleReads()) {
            return "staleReads";
        }
        return one.freshFor().equals(other.freshFor()) ? "ackTimeout" : "freshFor";
    }

    private static String text(Duration duration) {
        return duration.toMillis() + "ms";
    }
}
