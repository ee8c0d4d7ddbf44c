package io.crossfade.cli;

import java.util.ArrayList;
import java.util.List;

/** Lines with columns as wide as what they hold; the last column of a line has no padding. */
final class TextTable {
    private final List<List<String>> lines = new ArrayList<>();

    TextTable(String... heads) {
        lines.add(List.of(heads));
    }

    void add(Object... cells) {
        List<String> line = new ArrayList<>();
        for (Object cell : cells) {
            line.add(printable(String.valueOf(cell)));
        }
        lines.add(line);
    }

    /** Names and problems come from databases, and must not be able to steer a terminal. */
    static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?");
    }

    List<String> lines() {
        List<String> texts = new ArrayList<>();
        for (List<String> line : lines) {
            StringBuilder text = new StringBuilder("  ");
            for (int column = 0; column < line.size(); column++) {
                String cell = line.get(column);
                text.append(cell);
                if (column < line.size() - 1) {
                    text.append(" ".repeat(width(column) - length(cell) + 2));
                }
            }
            texts.add(text.toString().stripTrailing());
        }
        return texts;
    }

    private int width(int column) {
        return lines.stream()
                .filter(line -> column < line.size())
                .mapToInt(line -> length(line.get(column)))
                .max()
                .orElse(0);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
