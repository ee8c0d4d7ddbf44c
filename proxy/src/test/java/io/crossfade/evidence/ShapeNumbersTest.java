package io.crossfade.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What comparing calls of one shape is worth. */
class ShapeNumbersTest {
    private final ShapeNumbers numbers = new ShapeNumbers();

    @Test
    void itProvesSomethingOnlyWhereBothSidesFoundRows() {
        assertThat(numbers.proof()).isEqualTo(Proof.NOTHING_COMPARED);
        numbers.count(Compared.rows("clients", "select one", 0, 0));
        assertThat(numbers.proof()).isEqualTo(Proof.NO_ROWS_FOUND);
        numbers.count(Compared.rows("clients", "select one", 1, 0));
        assertThat(numbers.proof()).isEqualTo(Proof.ROWS_ON_ONE_SIDE);
        numbers.count(Compared.rows("clients", "select one", 1, 1));
        assertThat(numbers.proof()).isEqualTo(Proof.PROVEN);
    }

    @Test
    void itProvesNothingWhereHalfOfItFailedOnBothSides() {
        numbers.count(Compared.failed("clients", "select one", "42501", "42501"));
        assertThat(numbers.proof()).isEqualTo(Proof.ERRORS_ON_BOTH_SIDES);
        numbers.count(Compared.rows("clients", "select one", 1, 1));
        assertThat(numbers.proof()).isEqualTo(Proof.ERRORS_ON_BOTH_SIDES);
        numbers.count(Compared.rows("clients", "select one", 1, 1));
        assertThat(numbers.proof()).isEqualTo(Proof.PROVEN);
    }

    @Test
    void aDifferenceIsToldAlsoWhereMostOfItFailed() {
        numbers.count(Compared.failed("clients", "select one", "42501", "42501"));
        numbers.count(Compared.failed("clients", "select one", "42501", "42501"));
        numbers.count(Compared.differing("clients", "select one", true));
        assertThat(numbers.proof()).isEqualTo(Proof.DIFFERS);
    }
}
