/**
 * What is put into a database so that no change is ever lost: capture triggers, the fence, and the schema that holds the
 * journal. Start reading at {@link io.crossfade.shadow.install.Installation}.
 */
@NullMarked
package io.crossfade.shadow.install;

import org.jspecify.annotations.NullMarked;
