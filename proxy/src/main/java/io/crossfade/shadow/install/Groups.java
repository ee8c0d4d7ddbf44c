package io.crossfade.shadow.install;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Which repositories move together: those that a foreign key ties on either side, because a cascade must not run into a
 * fence, and those that the configuration merges.
 */
final class Groups {
    private final Map<String, String> parents = new HashMap<>();
    private final Map<String, String> configured;

    /**
     * Puts them together.
     *
     * @param sides what is in each of the databases
     * @param configured groups by repository
     */
    Groups(Collection<Inventory> sides, Map<String, String> configured) {
        this.configured = new TreeMap<>(configured);
        sides.forEach(this::tie);
        Map<String, String> firstOfGroup = new HashMap<>();
        this.configured.forEach((repository, group) -> {
            String first = firstOfGroup.putIfAbsent(group, repository);
            if (first != null) {
                tie(first, repository);
            }
        });
    }

    /** The name of its group: a configured one, else the first of its members. */
    String of(String repository) {
        String root = root(repository);
        return configured.entrySet().stream()
                .filter(entry -> root(entry.getKey()).equals(root))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(root);
    }

    private void tie(Inventory side) {
        Map<Long, String> byOid = new HashMap<>();
        side.all().forEach(table -> byOid.put(table.oid(), table.repository()));
        for (Table table : side.all()) {
            table.references().stream()
                    .map(byOid::get)
                    .filter(Objects::nonNull)
                    .forEach(referenced -> tie(table.repository(), referenced));
        }
    }

    private void tie(String one, String other) {
        String a = root(one);
        String b = root(other);
        if (a.compareTo(b) < 0) {
            parents.put(b, a);
        } else if (!a.equals(b)) {
            parents.put(a, b);
        }
    }

    private String root(String repository) {
        String parent = repository;
        while (parents.containsKey(parent)) {
            parent = parents.get(parent);
        }
        return parent;
    }
}
