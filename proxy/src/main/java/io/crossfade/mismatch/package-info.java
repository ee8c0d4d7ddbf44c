/**
 * Keeps what comparing found to differ, in both databases and with the values masked, and counts what was compared, so that
 * operators, gates and guardrails can judge by it. Start reading at {@link io.crossfade.mismatch.MismatchStore}.
 */
@NullMarked
package io.crossfade.mismatch;

import org.jspecify.annotations.NullMarked;
