package io.crossfade.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Target;

/** Marks what is called for its effect; the compiler's check of dropped results knows it by its name. */
@Target({ElementType.METHOD, ElementType.TYPE})
public @interface CanIgnoreReturnValue {}
