/**
 * What two answers to one read have in common and what not: pure functions of the read, of both catalogues and of the bytes that the
 * databases made. Start reading at {@link io.crossfade.comparison.answers.Answers}.
 */
@NullMarked
package io.crossfade.comparison.answers;

import org.jspecify.annotations.NullMarked;
