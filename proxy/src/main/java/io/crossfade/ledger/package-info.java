/**
 * Numbers that only grow within a period, counted by several proxies and kept in both databases so that none is lost by a
 * database that is away and none is counted twice. Start reading at {@link io.crossfade.ledger.Ledger}.
 */
@NullMarked
package io.crossfade.ledger;

import org.jspecify.annotations.NullMarked;
