package io.crossfade.comparison.answers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.crossfade.call.CallFailure.Code;
import io.crossfade.call.Failure;
import io.crossfade.comparison.Difference;
import io.crossfade.comparison.MismatchKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares the two answers to one read. Equal bytes are equal answers; else rows are matched and values understood. */
public final class Answers {
    private Answers() {}

    /** What both answers come to. Takes time by their size: not for an event loop. */
    public static Verdict compare(Reading reading, Said authority, Said shadow) {
        if (authority.isIdentical(shadow, reading.totals())) {
            return Verdict.MATCHED;
        }
        if (authority.failure() != null || shadow.failure() != null) {
            return failures(authority.failure(), shadow.failure());
        }
        List<Difference> differences = new ArrayList<>();
        Set<String> tolerated = new HashSet<>();
        boolean unstable = false;
        if (reading.rows()) {
            RowComparison rows = new RowComparison(reading, Row.read(authority.body()), Row.read(shadow.body()));
            differences.addAll(rows.differences());
            tolerated.addAll(rows.tolerated());
            unstable = rows.isUnstable();
        }
        status(reading, authority, shadow, differences);
        if (!differences.isEmpty()) {
            return Verdict.mismatched(differences);
        }
        return unstable || !tolerated.isEmpty()
                ? Verdict.ignored(
                        unstable || reading.noise().stream().anyMatch(tolerated::contains),
                        reading.names().of(tolerated))
                : Verdict.MATCHED;
    }

    /** Counts; planned and estimated ones are guesses. */
    private static void status(Reading reading, Said authority, Said shadow, List<Difference> into) {
        if (into.stream().anyMatch(difference -> difference.kind() == MismatchKind.STATUS)) {
            return;
        }
        if (reading.totals() && authority.total() != shadow.total()) {
            into.add(status(authority.total(), shadow.total()));
        } else if (!reading.rows() && !reading.totals() && authority.rows() != shadow.rows()) {
            into.add(status(authority.rows(), shadow.rows()));
        }
    }

    private static Difference status(long authority, long shadow) {
        return new Difference(MismatchKind.STATUS, null, List.of(), Images.number(authority), Images.number(shadow));
    }

    private static Verdict failures(@Nullable Failure authority, @Nullable Failure shadow) {
        String one = authority == null ? null : authority.code();
        String other = shadow == null ? null : shadow.code();
        if (!Objects.equals(one, other)) {
            return Verdict.mismatched(
                    List.of(new Difference(MismatchKind.ERROR, null, List.of(), text(one), text(other))));
        }
        // The details of this one are the number of rows, which callers see.
        boolean sameRows = !Code.PGRST116.name().equals(one)
                || authority == null
                || shadow == null
                || Objects.equals(authority.details(), shadow.details());
        return sameRows
                ? Verdict.MATCHED
                : Verdict.mismatched(
                        List.of(new Difference(MismatchKind.STATUS, null, List.of(), text(one), text(other))));
    }

    private static @Nullable JsonNode text(@Nullable String code) {
        return code == null ? null : TextNode.valueOf(code);
    }
}
