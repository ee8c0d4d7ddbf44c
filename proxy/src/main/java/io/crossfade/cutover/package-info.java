/**
 * Makes the databases agree with what was decided about a group, and moves the authority from one side to the other with
 * nothing lost and never two authorities.
 *
 * <p>The state rows are the truth; everything here can be interrupted at any instruction and is taken up by another
 * instance.
 */
@NullMarked
package io.crossfade.cutover;

import org.jspecify.annotations.NullMarked;
