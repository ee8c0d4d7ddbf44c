package io.crossfade.shadow.install;

import io.crossfade.migration.Side;
import io.crossfade.sides.Identifiers;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The trigger that refuses writes on the side that is not the authority, whoever sends them: SQLSTATE {@code CF001}.
 * Only the session that proves to be the replayer passes.
 */
final class FenceSql {
    static final String TRIGGER = "crossfade_fence";
    static final String TRUNCATE_TRIGGER = "crossfade_fence_truncate";

    /** One function for all tables; the trigger's arguments are the repository and its authority. */
    static final String FUNCTION = """
            CREATE OR REPLACE FUNCTION crossfade.fence() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
              SET search_path = pg_catalog, pg_temp
            AS $fence$
            BEGIN
              IF current_setting('crossfade.replaying', true) <> '' THEN
                IF EXISTS (SELECT FROM crossfade.replayer AS w JOIN crossfade.repository AS r USING (group_name)
                           WHERE r.name = TG_ARGV[0]
                             AND w.token::text = current_setting('crossfade.replaying', true)) THEN
                  IF TG_OP = 'DELETE' THEN
                    RETURN OLD;
                  END IF;
                  RETURN NEW;
                END IF;
              END IF;
              -- What the refusal undoes, a sequence keeps: so it can be told that somebody still writes here.
              IF current_setting('application_name', true) IS DISTINCT FROM 'crossfade' THEN
                PERFORM nextval('crossfade.refused');
              END IF;
              RAISE EXCEPTION USING
                ERRCODE = 'CF001',
                MESSAGE = format('writes to "%s" are refused here: its authority is the %s side', TG_ARGV[0], TG_ARGV[1]),
                HINT = 'Write through Crossfade, or to the ' || TG_ARGV[1] || ' database.';
            END
            $fence$""";

    private FenceSql() {}

    /** Takes the locks that raising needs, on all tables at once; whoever writes now is waited for, readers go on. */
    static String lock(List<FencedTable> tables) {
        return "LOCK TABLE ONLY "
                + tables.stream().flatMap(table -> table.relations().stream()).collect(Collectors.joining(", ONLY "))
                + " IN SHARE ROW EXCLUSIVE MODE";
    }

    /** Puts the fence up; one that is lowered is raised again. */
    static List<String> raise(FencedTable table, Side authority) {
        if (!table.partitioned()) {
            return fence(table, table.name(), TRIGGER, "INSERT OR UPDATE OR DELETE OR TRUNCATE", "STATEMENT", authority)
                    .toList();
        }
        return Stream.concat(
                        fence(table, table.name(), TRIGGER, "INSERT OR UPDATE OR DELETE", "ROW", authority),
                        table.relations().stream()
                                .flatMap(relation ->
                                        fence(table, relation, TRUNCATE_TRIGGER, "TRUNCATE", "STATEMENT", authority)))
                .toList();
    }

    /** Lets writes pass. Takes no lock that readers would wait for, as dropping would. */
    static List<String> lower(FencedTable table) {
        return table.fences().stream()
                .map(fence -> "ALTER TABLE " + fence.relation() + " DISABLE TRIGGER " + fence.trigger())
                .toList();
    }

    /** Takes the lowered fence away, so that no script's ENABLE TRIGGER wakes it up. */
    static List<String> drop(FencedTable table) {
        return table.fences().stream()
                .filter(fence -> fence.enabled().equals("DISABLE"))
                .map(fence -> "DROP TRIGGER IF EXISTS " + fence.trigger() + " ON " + fence.relation())
                .toList();
    }

    private static Stream<String> fence(
            FencedTable table, String relation, String trigger, String events, String level, Side authority) {
        String create = "CREATE TRIGGER " + trigger + " BEFORE " + events + " ON " + relation + " FOR EACH " + level
                + " EXECUTE FUNCTION crossfade.fence(" + Identifiers.literal(table.repository()) + ", '"
                + authority.label() + "')";
        // Also in a session whose session_replication_role is replica.
        String always = "ALTER TABLE " + relation + " ENABLE ALWAYS TRIGGER " + trigger;
        return table.hasFence(relation, trigger) ? Stream.of(always) : Stream.of(create, always);
    }
}
