package io.crossfade.cutover.model;

/** What keeps the protocol safe; each can be taken out of the model to see what then goes wrong. */
enum Rule {
    /** Step 1: both rows are equal before anything begins; a copy that is missing is made first. */
    ROWS_EQUAL_AT_START,
    /** Step 3: raising the fence waits for writers in flight, and those that come later see it. */
    FENCE_WAITS_FOR_WRITERS,
    /** Step 3: A's row is changed only from the epoch that was compared. */
    FENCE_COMPARES_EPOCH,
    /** Step 4 begins only when the fence is known to be committed; a COMMIT without an answer is not. */
    DRAINS_ONLY_BEHIND_A_COMMITTED_FENCE,
    /** Step 4: B takes the authority only when A's journal is empty. */
    DRAIN_BEFORE_TAKING,
    /** Step 6: B's row is changed only from the epoch that was compared. */
    TAKING_COMPARES_EPOCH,
    /** Step 6: the transaction that changes B's row lowers B's fence. */
    FENCE_WITH_ROW,
    /** Step 6: the transaction that changes B's row raises the token for writing on B. */
    TOKEN_RAISED_WITH_AUTHORITY,
    /** After a COMMIT without an answer in step 6, B's row decides. */
    LOST_ANSWER_READS_DESTINATION,
    /**
     * Reading B's row at the old epoch proves nothing, for a COMMIT may be on its way; only an own change of
     * that row does.
     */
    READING_IS_NO_PROOF,
    /** A's fence is lowered again only when B's row says that A stays. */
    ABORT_BY_DESTINATION,
    /** B's row is set to "A stays" only by somebody who has read "moving" on A. */
    ABORTS_ONLY_WHAT_IT_SAW_MOVING,
    /** A's fence is lowered again only from the epoch at which it was raised. */
    UNFENCING_COMPARES_EPOCH,
    /** Every instance finishes or aborts a move that it sees. */
    EVERY_INSTANCE_HEALS,
    /** The server ends a transaction whose owner has gone. */
    IDLE_TRANSACTIONS_END,
    /** An ordinary change is made only from the epoch on which it is based. */
    CHANGE_COMPARES_EPOCH,
    /** An ordinary change is refused while the authority moves. */
    CHANGES_NO_MOVING_ROW,
    /** A copy replaces only an older row. */
    COPIES_NEWER_ONLY,
    /** A row that says "moving" is never copied. */
    COPIES_NO_MOVING_ROW,
    /** A row is copied only away from the side that it names as the authority. */
    COPIES_OWN_CLAIMS_ONLY,
    /** A copy never replaces a row that says that its own side is the authority. */
    COPIES_SPARE_A_CLAIM,
    /** A call goes to a side because that side's own row says so. */
    ROUTE_BY_OWN_ROW,
    /** A new leader of a direction raises the token. */
    LEADER_RAISES_TOKEN,
    /** A batch is applied only with the newest token. */
    APPLY_CHECKS_TOKEN,
    /** A token is given out only on a side whose own row does not say that it is the authority. */
    LEADS_TOWARDS_A_SHADOW_ONLY,
    /** A batch is refused by a side whose own row says that it is the authority. */
    AUTHORITY_REFUSES_REPLAY,
    /** Forcing the authority raises the token for writing on the forced side. */
    FORCE_RAISES_TOKEN,
    /** What the other side had not yet replayed is listed when it comes back. */
    RECONCILIATION_LISTS_ENTRIES,
    /** Fencing the side that came back raises the token for writing on it. */
    RECONCILIATION_RAISES_TOKEN
}
