package io.crossfade.migration;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a repository stands in its migration. Each constant is one row of the truth table: which side takes the writes,
 * which side they are shadowed to, and which side answers reads.
 */
public enum Stage {
    OFF(Side.LEGACY, null, false),
    DUAL_WRITE(Side.LEGACY, Side.TARGET, false),
    SHADOW(Side.LEGACY, Side.TARGET, true),
    ROLLOUT(Side.LEGACY, Side.TARGET, true),
    LIVE(Side.TARGET, Side.LEGACY, true),
    COMPLETE(Side.TARGET, null, false);

    private final Side authority;
    private final @Nullable Side shadow;
    private final boolean comparesReads;

    Stage(Side authority, @Nullable Side shadow, boolean comparesReads) {
        this.authority = authority;
        this.shadow = shadow;
        this.comparesReads = comparesReads;
    }

    /** The side that takes the writes. */
    public Side authority() {
        return authority;
    }

    /** The side that every write is brought to, or null where nothing is shadowed. */
    public @Nullable Side shadow() {
        return shadow;
    }

    /** Whether a sample of the reads is compared on both sides. */
    public boolean comparesReads() {
        return comparesReads;
    }

    /** Whether this stage relies on the other side being kept equal. */
    public boolean needsShadow() {
        return shadow != null;
    }

    /** Whether a group that stands here has gone further than one that stands there. */
    public boolean isBeyond(Stage other) {
        return compareTo(other) > 0;
    }

    /** The name used in configuration, metrics and the admin API, such as {@code dual-write}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The stage with this label, if there is one. */
    public static Optional<Stage> byLabel(String label) {
        return Arrays.stream(values())
                .filter(stage -> stage.label().equals(label))
                .findFirst();
    }
}
