package io.crossfade.shadow.replay;

/**
 * A group that nobody was at when the watcher began to look.
 *
 * @param runs how many batches had begun; another one makes what the watcher has seen an old story
 */
record Sight(GroupReplay group, Office office, long runs) {}
