package io.crossfade.comparison;

import io.crossfade.settings.CompareSettings;
import io.crossfade.settings.ComparisonSettings;
import io.crossfade.settings.RepositorySettings;
import io.crossfade.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** Which reads of which repository are compared, and by what rules. */
final class Policy {
    private static final int WHOLE = 1_000_000;

    private final Map<String, OfRepository> byName = new HashMap<>();
    private final OfRepository others;

    Policy(Settings settings) {
        ComparisonSettings comparison = settings.comparison();
        others = OfRepository.of(RepositorySettings.DEFAULTS.compare(), comparison);
        settings.repositories()
                .forEach((name, repository) -> byName.put(name, OfRepository.of(repository.compare(), comparison)));
    }

    /** One look-up and one random number; allocates nothing. */
    boolean picks(String repository, boolean insisted) {
        OfRepository policy = byName.getOrDefault(repository, others);
        return !policy.rules.off()
                && (insisted
                        || (policy.threshold > 0 && ThreadLocalRandom.current().nextInt(WHOLE) < policy.threshold));
    }

    CompareSettings rules(String repository) {
        return byName.getOrDefault(repository, others).rules;
    }

    private record OfRepository(CompareSettings rules, int threshold) {
        static OfRepository of(CompareSettings rules, ComparisonSettings comparison) {
            // What fails an answer is about every read, or it would prove nothing.
            Double own = comparison.fail() ? null : rules.sample();
            double share = own == null ? comparison.sample() : own;
            return new OfRepository(rules, (int) Math.round(share / 100 * WHOLE));
        }
    }
}
