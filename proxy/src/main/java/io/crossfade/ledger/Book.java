package io.crossfade.ledger;

import java.time.Duration;

/**
 * What is counted, and how much of it is kept.
 *
 * @param name what its rows are kept under
 * @param period how long numbers are added up in one entry
 * @param keep how long entries are kept
 * @param most how many entries one proxy holds in memory
 * @param mostRows how many rows a database keeps; the oldest go first
 */
public record Book(String name, Duration period, Duration keep, int most, int mostRows) {}
