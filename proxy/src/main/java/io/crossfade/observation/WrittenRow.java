package io.crossfade.observation;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A row that came out differently than it was written. It holds values of the application's data: whoever stores or shows it
 * masks them, and nobody prints it.
 *
 * @param key the row's key by column
 * @param written by column what was written, of the columns that differ; a boolean, a text or null
 * @param stored the same of what the shadow holds
 */
public record WrittenRow(JsonNode key, JsonNode written, JsonNode stored) {
    @Override
    public String toString() {
        return "WrittenRow";
    }
}
