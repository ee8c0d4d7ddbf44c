package io.crossfade.audit;

import io.crossfade.audit.AuditRows.Link;
import io.crossfade.migration.Side;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds the entries of one side against each other, chain by chain, and names the first of each chain that is not right.
 * Of each change of a state it remembers a hash, to be held against the other side.
 */
final class ChainCheck {
    private final Side side;
    private final List<Finding> findings = new ArrayList<>();
    private final Set<String> broken = new HashSet<>();
    private final Map<String, Long> lastEpochs = new HashMap<>();
    private final Map<String, String> changes = new HashMap<>();
    private @Nullable Link last;
    private long entries;

    ChainCheck(Side side) {
        this.side = side;
    }

    void see(Link link) {
        entries++;
        @Nullable Link before = last != null && last.chain().equals(link.chain()) ? last : null;
        last = link;
        @Nullable String problem = problem(before, link);
        if (problem != null && broken.add(link.chain())) {
            findings.add(new Finding(side, link.chain(), link.id(), link.epoch(), problem));
        }
        if (link.group() != null && link.epoch() != null) {
            lastEpochs.put(link.group(), link.epoch());
            changes.put(link.group() + "\0" + link.epoch(), sha256("", link.content()));
        }
    }

    private static @Nullable String problem(@Nullable Link before, Link link) {
        if (!sha256(link.previous(), link.told()).equals(link.hash())) {
            return "the entry was changed after it was written";
        }
        if (!link.previous().equals(before == null ? "" : before.hash())) {
            return "entries before this one were taken out or put in";
        }
        if (link.wasEpoch() != null && !link.wasEpoch().equals(before == null ? null : before.epoch())) {
            return "changes before this one left no entry";
        }
        return null;
    }

    /** Once all entries were seen: what the states say that no entry tells of. */
    void compareWith(Map<String, Long> epochs) {
        epochs.forEach((group, epoch) -> {
            long told = lastEpochs.getOrDefault(group, 0L);
            String chain = "state:" + group;
            if (told < epoch && broken.add(chain)) {
                findings.add(new Finding(
                        side,
                        chain,
                        null,
                        epoch,
                        "the group is at epoch " + epoch + ", and the last entry is of epoch " + told));
            }
        });
    }

    /** Once both sides were seen: what they tell differently. */
    List<Finding> differences(ChainCheck other) {
        List<Finding> differences = new ArrayList<>();
        changes.forEach((change, content) -> {
            if (!content.equals(other.changes.getOrDefault(change, content))) {
                int end = change.indexOf('\0');
                differences.add(new Finding(
                        null,
                        "state:" + change.substring(0, end),
                        null,
                        Long.valueOf(change.substring(end + 1)),
                        "the two sides tell differently of this change"));
            }
        });
        return differences;
    }

    List<Finding> findings() {
        return findings;
    }

    long entries() {
        return entries;
    }

    private static String sha256(String previous, String told) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(HexFormat.of().parseHex(previous));
            return HexFormat.of().formatHex(digest.digest(told.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
