package io.crossfade.testing;

/**
 * Counts the slices that came to a shadow by COPY and were committed there, so that a test of what goes wrong in such a
 * slice can prove that there were any. To be watched once the bookkeeping is installed.
 */
public final class CopiedSlices {
    /** How a proxy has to be started so that a backlog of a few rows goes by COPY already. */
    public static String[] small() {
        // Smaller ones would not keep up with the loads of the tests on a busy machine.
        return new String[] {"-Dcrossfade.replay.sliceKeys=60", "-Dcrossfade.replay.copyKeys=100"};
    }

    /** Only a slice that goes by COPY says so in this way. */
    private static final String WITNESS = """
            CREATE TABLE public.copied_slice ();
            CREATE FUNCTION public.count_copied_slice() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
              IF ltrim(current_query(), E' \\n') LIKE 'UPDATE crossfade.replayer SET caught_up_at = NULL, catching_up = true%' THEN
                INSERT INTO public.copied_slice DEFAULT VALUES;
              END IF;
              RETURN NULL;
            END $$;
            CREATE TRIGGER count_copied_slice AFTER UPDATE ON crossfade.replayer
              FOR EACH ROW EXECUTE FUNCTION public.count_copied_slice();
            ALTER TABLE crossfade.replayer ENABLE ALWAYS TRIGGER count_copied_slice""";

    private CopiedSlices() {}

    /** Begins to count what comes to this shadow. */
    public static void watch(TestDatabase shadow) {
        shadow.execute(WITNESS);
    }

    /** How many there were. */
    public static long count(TestDatabase shadow) {
        return shadow.number("SELECT count(*) FROM public.copied_slice");
    }
}
