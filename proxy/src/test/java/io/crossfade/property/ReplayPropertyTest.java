package io.crossfade.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.property.MadeUpTable.Reference;
import io.crossfade.testing.TcpRelay.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Whatever tables there are, whatever is written and wherever it breaks, both databases are equal in the end and no row is
 * refused. {@code -Djqwik.tries.default=1000} tries more.
 */
class ReplayPropertyTest {
    private static final AtomicLong COPIED_SLICES = new AtomicLong();

    @AfterContainer
    static void someOfItWentByCopy() {
        System.out.println("Made-up histories: " + COPIED_SLICES + " slices went by COPY");
        assertThat(COPIED_SLICES.get()).isPositive();
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void bothDatabasesAreEqualInTheEnd(@ForAll("scenarios") Scenario scenario) throws Exception {
        try (ScenarioRun run = new ScenarioRun(scenario)) {
            run.play();
            run.assertBothSidesEqual();
            var unused = COPIED_SLICES.addAndGet(run.copiedSlices());
        }
    }

    @Provide
    Arbitrary<Scenario> scenarios() {
        return Combinators.combine(
                        schemas(),
                        steps().list().ofMinSize(3).ofMaxSize(14),
                        Arbitraries.of(true, false, false),
                        Arbitraries.of(true, false))
                .as(Scenario::new);
    }

    private static Arbitrary<MadeUpSchema> schemas() {
        Arbitrary<Reference> references = Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of("CASCADE", "SET NULL", "SET DEFAULT", "NO ACTION", "RESTRICT"),
                        Arbitraries.of("NO ACTION", "CASCADE"))
                .as(Reference::new);
        Arbitrary<MadeUpTable> tables = Combinators.combine(
                        Arbitraries.of(KeyKind.class),
                        Arbitraries.of(true, false),
                        references.list().ofMaxSize(2))
                .as((key, unique, to) -> new MadeUpTable(0, key, unique, to));
        return tables.list().ofMinSize(1).ofMaxSize(4).map(ReplayPropertyTest::numbered);
    }

    /** References point into the list, whatever its length. */
    private static MadeUpSchema numbered(List<MadeUpTable> tables) {
        List<MadeUpTable> numbered = new ArrayList<>();
        for (MadeUpTable table : tables) {
            List<Reference> references = table.references().stream()
                    .map(to -> new Reference(to.to() % tables.size(), to.onDelete(), to.onUpdate()))
                    .toList();
            numbered.add(new MadeUpTable(numbered.size(), table.key(), table.unique(), references));
        }
        return new MadeUpSchema(List.copyOf(numbered));
    }

    private static Arbitrary<Step> steps() {
        Arbitrary<Write> writes = Combinators.combine(
                        Arbitraries.of(Write.Kind.class),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.integers().between(1, 6),
                        Arbitraries.integers().between(1, 6),
                        Arbitraries.frequency(Tuple.of(5, false), Tuple.of(1, true)))
                .as(Write::new);
        Arbitrary<Step> transactions = Combinators.combine(
                        writes.list().ofMinSize(1).ofMaxSize(8),
                        Arbitraries.frequency(Tuple.of(6, true), Tuple.of(1, false)))
                .as(Step.Transaction::new);
        Arbitrary<Step> breaks = Combinators.combine(
                        Arbitraries.of(true, false),
                        Arbitraries.of(Direction.class),
                        Arbitraries.integers().between(1, 5_000))
                .as(Step.Break::new);
        return Arbitraries.frequencyOf(
                Tuple.of(14, transactions),
                Tuple.of(4, breaks),
                Tuple.of(2, Arbitraries.just(new Step.Settle())),
                Tuple.of(1, Arbitraries.just(new Step.Restart())));
    }
}
