package io.crossfade.shadow.replay;

import java.util.List;
import java.util.Map;

/**
 * A slice of a long backlog as the authority's COPY sent it. It is never a whole state: a look of the usual kind comes
 * after the last one.
 *
 * @param entries the journal entries that end with these rows
 * @param rows for each table what is to be sent on; nobody looks into it
 * @param keys how many keys the entries name
 * @param bytes how much it is
 */
record Parcel(List<Long> entries, Map<Table, List<byte[]>> rows, int keys, long bytes) {}
