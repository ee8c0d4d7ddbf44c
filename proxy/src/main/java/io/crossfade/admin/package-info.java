/**
 * The operators' front door: page, JSON API, metrics and health, one class for each thing that can be asked. It holds no
 * rules of its own. Start reading at {@link io.crossfade.admin.AdminFrontDoor}.
 */
@NullMarked
package io.crossfade.admin;

import org.jspecify.annotations.NullMarked;
