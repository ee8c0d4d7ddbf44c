/**
 * The REST front door: turns the dialect of PostgREST and Supabase into calls, and what came of them back into HTTP. It
 * knows nothing of stages. Start reading at {@link io.crossfade.frontdoor.rest.RestFrontDoor}.
 */
@NullMarked
package io.crossfade.frontdoor.rest;

import org.jspecify.annotations.NullMarked;
