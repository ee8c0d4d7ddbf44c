package io.crossfade.audit;

import io.crossfade.migration.Side;
import io.crossfade.sides.Database;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who did what, when and why. Both databases tell of every change of a state, because each writes down what happens to its
 * own row; reading shows each change once. Entries hold names, stages, numbers and the operators' reasons, and never a
 * row or a key.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class AuditLog {
    private final Map<Side, AuditRows> sides = new EnumMap<>(Side.class);
    private final Function<String, Side> authorityOf;

    private AuditLog(Collection<Database> databases, Function<String, Side> authorityOf) {
        databases.forEach(database -> sides.put(database.side(), new AuditRows(database)));
        this.authorityOf = authorityOf;
    }

    /**
     * The history that these databases keep.
     *
     * @param authorityOf the side that takes the writes of a group
     */
    public static AuditLog of(Collection<Database> databases, Function<String, Side> authorityOf) {
        return new AuditLog(databases, authorityOf);
    }

    /** One that nothing is kept in. */
    public static AuditLog none() {
        return new AuditLog(List.of(), group -> Side.LEGACY);
    }

    /**
     * Writes down what changes no state; a change of a state writes itself down. On the authority of the group, or on legacy
     * where it is about no group, or on the other side where that one does not answer.
     *
     * @param operator who, or {@code crossfade}
     * @param group which it is about, or null
     * @param kind what was done, such as {@code dead-letter-discarded}
     * @param details names and numbers; never a value of a row
     * @param reason in the operator's words; may be empty
     * @return fails where no side could write it down; succeeds where nothing is installed that could
     */
    public Future<Void> append(
            String operator, @Nullable String group, String kind, JsonObject details, String reason) {
        Side first = group == null ? Side.LEGACY : authorityOf.apply(group);
        return append(first, operator, group, kind, details.encode(), reason)
                .recover(error -> append(first.other(), operator, group, kind, details.encode(), reason)
                        .recover(alsoFailed -> Future.failedFuture(error)))
                .recover(error ->
                        AuditRows.isNotInstalled(error) ? Future.succeededFuture() : Future.failedFuture(error));
    }

    private Future<Void> append(
            Side side, String operator, @Nullable String group, String kind, String details, String reason) {
        AuditRows its = sides.get(side);
        return its == null
                ? sides.isEmpty() ? Future.succeededFuture() : Future.failedFuture("there is no " + side.label())
                : its.tell(operator, group, kind, details, reason);
    }

    /**
     * The newest first.
     *
     * @param before only older ones than this moment, in ISO 8601; null for all
     */
    public Future<Page> list(int limit, @Nullable String before) {
        return ask(rows -> rows.list(limit, before), List.of(), (entries, silent) -> {
            Map<String, AuditEntry> merged = new LinkedHashMap<>();
            entries.values()
                    .forEach(some -> some.forEach(entry -> merged.merge(entry.sameness(), entry, AuditEntry::alsoOn)));
            List<AuditEntry> newest = merged.values().stream()
                    .sorted(Comparator.comparing(AuditEntry::at).reversed())
                    .limit(limit)
                    .toList();
            boolean more =
                    merged.size() > newest.size() || entries.values().stream().anyMatch(some -> some.size() == limit);
            return new Page(newest, more, silent);
        });
    }

    /**
     * Walks every chain of both sides: that no entry was changed, taken out or put in, that every state has its entry, and
     * that the two sides tell the same. It reads all of both tables.
     */
    public Future<Verification> verify() {
        return ask(AuditLog::checked, new ChainCheck(Side.LEGACY), (checks, silent) -> {
            List<Finding> findings = new ArrayList<>();
            Map<Side, Long> entries = new EnumMap<>(Side.class);
            checks.forEach((side, check) -> {
                findings.addAll(check.findings());
                entries.put(side, check.entries());
            });
            ChainCheck legacy = checks.get(Side.LEGACY);
            ChainCheck target = checks.get(Side.TARGET);
            if (legacy != null && target != null) {
                findings.addAll(legacy.differences(target));
            }
            return new Verification(findings, entries, silent);
        });
    }

    /** The epochs first: an entry that comes meanwhile is one more, and never one too few. */
    private static Future<ChainCheck> checked(AuditRows rows) {
        ChainCheck check = new ChainCheck(rows.side());
        return rows.epochs()
                .compose(epochs -> rows.walk(check).map(walked -> {
                    check.compareWith(epochs);
                    return check;
                }));
    }

    private <T, R> Future<R> ask(
            Function<AuditRows, Future<T>> question,
            T nothing,
            BiFunction<Map<Side, T>, Map<Side, Throwable>, R> merge) {
        Map<Side, Future<T>> asked = new EnumMap<>(Side.class);
        sides.forEach((side, rows) -> asked.put(
                side,
                question.apply(rows)
                        .recover(error -> AuditRows.isNotInstalled(error)
                                ? Future.succeededFuture(nothing)
                                : Future.failedFuture(error))));
        return Future.join(List.copyOf(asked.values())).transform(done -> {
            Map<Side, T> answers = new EnumMap<>(Side.class);
            Map<Side, Throwable> silent = new EnumMap<>(Side.class);
            asked.forEach((side, answer) -> {
                if (answer.succeeded()) {
                    answers.put(side, answer.result());
                } else {
                    silent.put(side, answer.cause());
                }
            });
            return Future.succeededFuture(merge.apply(answers, silent));
        });
    }

    /**
     * Some of the entries.
     *
     * @param more whether there may be older ones
     * @param silent the sides that did not answer, and why
     */
    public record Page(List<AuditEntry> entries, boolean more, Map<Side, Throwable> silent) {}

    /**
     * What came of a verification.
     *
     * @param findings what is wrong; none where the history can be relied on, as far as sides answered
     * @param entries how many were looked at on each side
     * @param silent the sides that did not answer, and why
     */
    public record Verification(List<Finding> findings, Map<Side, Long> entries, Map<Side, Throwable> silent) {}
}
