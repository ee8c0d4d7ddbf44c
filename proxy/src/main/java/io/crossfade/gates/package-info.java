/**
 * What must hold before a group goes forward: facts that somebody established, and looks at the shadow as it is now. Start
 * reading at {@link io.crossfade.gates.Checklist}.
 */
@NullMarked
package io.crossfade.gates;

import org.jspecify.annotations.NullMarked;
