package io.crossfade.call;

import java.util.Arrays;
import java.util.Optional;

/** What a call does. The labels are part of the public interface: metrics and rollouts per operation use them. */
public enum Operation {
    FIND_ONE("findOne", true),
    FIND_MANY("findMany", true),
    COUNT("count", true),
    INSERT("insert", false),
    UPSERT("upsert", false),
    UPDATE("update", false),
    DELETE("delete", false),
    RPC("rpc", false);

    private final String label;
    private final boolean read;

    Operation(String label, boolean read) {
        this.label = label;
        this.read = read;
    }

    /** The name used in configuration and metrics, such as {@code findOne}. */
    public String label() {
        return label;
    }

    /** Whether it is one of the reads, which alone can have a rollout of their own. */
    public boolean isRead() {
        return read;
    }

    /** The operation with this label, if there is one. */
    public static Optional<Operation> byLabel(String label) {
        return Arrays.stream(values())
                .filter(operation -> operation.label.equals(label))
                .findFirst();
    }
}
