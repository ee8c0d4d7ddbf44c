package io.crossfade.settings;

import io.crossfade.migration.Side;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the routing keys that always go to one side. Keys are phone numbers and the like: they are never repeated. */
final class PinsReader {
    private PinsReader() {}

    static List<PinSettings> read(List<Section> sections) {
        List<PinSettings> pins = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (Section section : sections) {
            Optional<String> key = section.read("key", Parsers.text());
            Optional<Side> side = section.read("side", Parsers.side());
            if (key.isEmpty()) {
                section.report("key", "is missing; write the value to pin, in quotes, such as \"79990000000\"");
            } else if (!keys.add(key.get())) {
                section.report("key", "is pinned twice; keep one of them");
            }
            if (side.isEmpty() && !section.holds("side")) {
                section.report("side", "is missing; write legacy or target");
            }
            if (key.isPresent() && side.isPresent()) {
                pins.add(new PinSettings(key.get(), side.get()));
            }
        }
        return pins;
    }
}
