package io.crossfade.comparison;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.testing.Scripts;
import io.crossfade.testing.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A thousand differences of every kind and in every type, and not one is missed. */
class PlantedDifferencesTest {
    private static final int ROWS = 1_200;
    private static final int DIFFERENCES = 1_000;
    private static final int OF_ONE_READ = 40;

    @Test
    void everyPlantedDifferenceIsFoundAndNamedByKeyAndColumn() {
        try (ComparisonRig rig = ComparisonRig.awaited(Scripts.read("/comparison/golden-types.sql"), "golden")) {
            readAll(rig);
            assertThat(rig.unexpected).isEmpty();
            assertThat(rig.mismatches).isEmpty();
            assertThat(rig.compared).hasSize(ROWS / OF_ONE_READ);

            Set<String> planted = plant(rig);
            readAll(rig);

            Set<String> found = new TreeSet<>();
            rig.confirmedDifferences().stream()
                    .filter(difference -> difference.key() != null)
                    .forEach(difference -> found.add(difference.kind() + " "
                            + difference.key().path("id") + " " + String.join(",", difference.columns())));
            assertThat(planted).hasSize(DIFFERENCES);
            Set<String> missed = new TreeSet<>(planted);
            missed.removeAll(found);
            assertThat(missed).isEmpty();
            found.removeAll(planted);
            assertThat(found).as("what nobody planted").isEmpty();
            assertThat(rig.unexpected).isEmpty();
        }
    }

    /** A read that a busy machine could not compare in time is read again. */
    private static void readAll(ComparisonRig rig) {
        for (int from = 1; from <= ROWS; from += OF_ONE_READ) {
            String path = "/golden?order=id&id=gte." + from + "&id=lt." + (from + OF_ONE_READ);
            int before = rig.compared.size();
            ComparisonRig.await(path + " is compared", () -> {
                rig.rest().get(path);
                return rig.compared.size() > before;
            });
        }
    }

    /** In rows of their own: 800 values, one for each type in turn; 100 rows that are missing; 100 that are too many. */
    private static Set<String> plant(ComparisonRig rig) {
        List<String> columns = new ArrayList<>();
        Map<String, String> values = new TreeMap<>();
        for (String line : Scripts.read("/comparison/planted.txt").lines().toList()) {
            String column = line.substring(0, line.indexOf('|'));
            columns.add(column);
            values.put(column, line.substring(line.indexOf('|') + 1));
        }
        assertThat(columns).as("every column has another value").hasSameElementsAs(columnsOf(rig.target));
        List<String> sql = new ArrayList<>();
        Set<String> planted = new TreeSet<>();
        for (int id = 1; id <= 800; id++) {
            String column = columns.get((id - 1) % columns.size());
            String value = requireNonNull(values.get(column));
            sql.add("UPDATE golden SET " + column + " = "
                    + (value.isEmpty() ? "NULL" : "'" + value.replace("'", "''") + "'") + " WHERE id = " + id);
            planted.add("VALUE " + id + " " + column);
        }
        sql.add("DELETE FROM golden WHERE id BETWEEN 801 AND 900");
        for (int id = 801; id <= 900; id++) {
            planted.add("MISSING " + id + " ");
        }
        // On both sides, so that the rows are extra by what they show and not by a key that nobody had.
        rig.legacy.execute("DELETE FROM golden WHERE id BETWEEN 901 AND 1000");
        rig.proxy.caughtUp().await();
        sql.add("INSERT INTO golden SELECT * FROM golden_extra");
        rig.target.execute("CREATE TABLE golden_extra AS SELECT * FROM golden WHERE id = 1");
        rig.target.execute("INSERT INTO golden_extra SELECT (jsonb_populate_record(g, jsonb_build_object('id', n))).*"
                + " FROM golden_extra AS g, generate_series(901, 1000) AS n");
        rig.target.execute("DELETE FROM golden_extra WHERE id = 1");
        for (int id = 901; id <= 1000; id++) {
            planted.add("EXTRA " + id + " ");
        }
        rig.plant(String.join("; ", sql));
        return planted;
    }

    private static Set<String> columnsOf(TestDatabase database) {
        return database
                .rows(
                        "SELECT attname FROM pg_attribute WHERE attrelid = 'golden'::regclass AND attnum > 0 AND attname <> 'id'")
                .stream()
                .collect(Collectors.toSet());
    }
}
