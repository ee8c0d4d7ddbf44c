package io.crossfade.shadow.install;

/**
 * Why capture cannot be installed, and what would help.
 *
 * @param subject the table, or the database
 */
public record Refusal(String subject, String problem, String remedy) {
    @Override
    public String toString() {
        return subject + ": " + problem + ". " + remedy;
    }
}
