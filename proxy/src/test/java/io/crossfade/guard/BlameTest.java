package io.crossfade.guard;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlameTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "CF503",
                "CF504",
                "CF500",
                "CF429",
                "PGRST002",
                "PGRST003",
                "PGRST205",
                "PGRST202",
                "08006",
                "25006",
                "42501",
                "42P01",
                "42703",
                "53300",
                "57014",
                "57P01",
                "58030",
                "XX000"
            })
    void whatASideHasNotGotOrCannotDoIsItsFault(String code) {
        assertThat(Blame.isOnSide(code)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PGRST100",
                "PGRST102",
                "PGRST116",
                "CF413",
                "CF501",
                "22P02",
                "23505",
                "23503",
                "P0001",
                "40001",
                "40P01",
                "28000",
                "CF001"
            })
    void whatACallerAskedForOrAFunctionRaisedIsNot(String code) {
        assertThat(Blame.isOnSide(code)).isFalse();
    }

    @Test
    void whatWentWellIsNobodysFault() {
        assertThat(Blame.isOnSide(null)).isFalse();
    }
}
