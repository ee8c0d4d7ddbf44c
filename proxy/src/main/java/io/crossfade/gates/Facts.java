package io.crossfade.gates;

import io.crossfade.call.DatabaseFailure;
import io.crossfade.migration.Side;
import io.crossfade.sides.Database;
import io.crossfade.sides.Sides;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The rows of {@code crossfade.fact}, which both sides hold. A fact about the two sides holds while both say the same, so
 * that a side which was restored, or could be written to by others, takes it back by forgetting it.
 *
 * <p>Threads: any; nothing blocks.
 */
public final class Facts {
    /** A page must not wait for a database that stays silent. */
    private static final long PATIENCE_SECONDS = 2;

    private static final Duration SHOWN_FOR = Duration.ofSeconds(1);
    private static final Set<String> NOT_INSTALLED = Set.of("42P01", "3F000");

    private static final String READ =
            "SELECT group_name, fact, repositories, generation, ok, at, detail FROM crossfade.fact";

    private static final String WRITE = """
            INSERT INTO crossfade.fact (group_name, fact, repositories, generation, ok, at, detail)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (group_name, fact) DO UPDATE SET repositories = excluded.repositories,
              generation = excluded.generation, ok = excluded.ok, at = excluded.at, detail = excluded.detail""";

    private final Sides sides;
    private final Recent<Known> shown = new Recent<>(SHOWN_FOR);

    public Facts(Sides sides) {
        this.sides = sides;
    }

    /**
     * Writes a fact down on every side.
     *
     * @return fails where a side did not take it; whoever established it then says it again
     */
    public Future<Void> record(Fact fact) {
        shown.forget();
        return Future.join(sides.all().stream()
                        .map(database -> database.run(
                                WRITE,
                                Tuple.tuple()
                                        .addString(fact.group())
                                        .addString(fact.kind().label())
                                        .addArrayOfString(fact.repositories().toArray(String[]::new))
                                        .addLong(fact.generation())
                                        .addBoolean(fact.ok())
                                        .addOffsetDateTime(fact.at())
                                        .addString(fact.detail()),
                                true))
                        .toList())
                .onComplete(written -> shown.forget())
                .mapEmpty();
    }

    /** The youngest fact of that kind that any side told of, not long ago; never fails. */
    public Future<Optional<Fact>> latest(String group, Fact.Kind kind) {
        return shown().map(known -> known.latest(group, kind));
    }

    /** What the sides say now; never fails. */
    Future<Known> look() {
        Map<Side, List<Fact>> said = new EnumMap<>(Side.class);
        return Future.join(sides.all().stream()
                        .map(database -> read(database).onSuccess(facts -> put(said, database.side(), facts)))
                        .toList())
                .transform(read -> Future.succeededFuture(known(said)));
    }

    /** What the sides said not long ago. */
    Future<Known> shown() {
        return shown.get(this::look);
    }

    private Future<List<Fact>> read(Database database) {
        if (sides.problem(database.side()) != null) {
            return Future.failedFuture("the side is down");
        }
        return database.run(READ, Tuple.tuple(), true)
                .map(Facts::facts)
                .recover(error -> error instanceof DatabaseFailure said && NOT_INSTALLED.contains(said.code())
                        ? Future.succeededFuture(List.of())
                        : Future.failedFuture(error))
                .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static List<Fact> facts(RowSet<Row> rows) {
        List<Fact> facts = new ArrayList<>();
        for (Row row : rows) {
            // A later version may know of more.
            kind(row.getString("fact"))
                    .ifPresent(kind -> facts.add(new Fact(
                            row.getString("group_name"),
                            kind,
                            Set.of(row.getArrayOfStrings("repositories")),
                            row.getLong("generation"),
                            row.getBoolean("ok"),
                            row.getOffsetDateTime("at"),
                            row.getString("detail"))));
        }
        return facts;
    }

    private static Optional<Fact.Kind> kind(String label) {
        return Arrays.stream(Fact.Kind.values())
                .filter(kind -> kind.label().equals(label))
                .findFirst();
    }

    private static void put(Map<Side, List<Fact>> said, Side side, List<Fact> facts) {
        synchronized (said) {
            said.put(side, facts);
        }
    }

    private Known known(Map<Side, List<Fact>> said) {
        synchronized (said) {
            List<Side> silent = sides.all().stream()
                    .map(Database::side)
                    .filter(side -> !said.containsKey(side))
                    .toList();
            return new Known(List.copyOf(said.values()), silent);
        }
    }

    /**
     * What the sides said at one moment.
     *
     * @param said by each side that answered
     * @param silent the sides that did not
     */
    record Known(Collection<List<Fact>> said, List<Side> silent) {
        /** The fact that every side that answered tells alike. */
        Optional<Fact> agreed(String group, Fact.Kind kind) {
            List<Optional<Fact>> told = said.stream()
                    .map(facts -> find(facts, group, kind))
                    .distinct()
                    .toList();
            return told.size() == 1 ? told.get(0) : Optional.empty();
        }

        /** The youngest that any side tells of. */
        Optional<Fact> latest(String group, Fact.Kind kind) {
            return said.stream()
                    .map(facts -> find(facts, group, kind))
                    .flatMap(Optional::stream)
                    .max(Comparator.comparing(Fact::at));
        }

        private static Optional<Fact> find(List<Fact> facts, String group, Fact.Kind kind) {
            return facts.stream()
                    .filter(fact -> fact.group().equals(group) && fact.kind() == kind)
                    .findFirst();
        }
    }
}
