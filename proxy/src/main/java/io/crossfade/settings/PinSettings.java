package io.crossfade.settings;

import io.crossfade.migration.Side;

/** A routing key that always goes to one side, such as the test phone. */
public record PinSettings(String key, Side side) {
    /** Hides the key, which is personal data. */
    @Override
    public String toString() {
        return "PinSettings[" + side.label() + "]";
    }
}
