package io.crossfade.settings;

import io.crossfade.settings.OperatorSettings.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads who may use the admin front door, and where it is. Neither a token nor a hash is ever repeated. */
final class AdminReader {
    private static final String HOW = "; './crossfade token' prints a new token and its hash";
    private static final Set<String> RESERVED = Set.of(OperatorSettings.ADMIN, "crossfade");

    private final Section section;

    AdminReader(Section section) {
        this.section = section;
    }

    /**
     * What is configured.
     *
     * @return with a token made up where nobody is configured
     */
    AdminSettings read() {
        Optional<String> token = section.read("token", Parsers.text());
        List<OperatorSettings> operators = operators();
        return new AdminSettings(
                section.read("host", Parsers.text()).orElse(AdminSettings.HOST),
                section.read("port", Parsers.port()).orElse(AdminSettings.PORT),
                token.orElseGet(() -> operators.isEmpty() ? AdminToken.fresh() : null),
                operators);
    }

    /** Whether anybody is configured; one who was made up at start does not count. */
    boolean namesSomebody() {
        return section.read("token", Parsers.text()).isPresent()
                || !section.sections("operators", Keys.OPERATOR).isEmpty();
    }

    private List<OperatorSettings> operators() {
        List<OperatorSettings> operators = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<String> hashes = new HashSet<>();
        for (Section each : section.sections("operators", Keys.OPERATOR)) {
            Optional<String> name = name(each, names);
            Optional<Role> role = each.read("role", Parsers.role());
            if (!each.holds("role")) {
                each.report("role", "is missing; write viewer or operator");
            }
            Optional<String> hash = hash(each, hashes);
            if (name.isPresent() && role.isPresent() && hash.isPresent()) {
                operators.add(new OperatorSettings(name.get(), role.get(), hash.get()));
            }
        }
        return operators;
    }

    private static Optional<String> name(Section operator, Set<String> names) {
        Optional<String> name = operator.read("name", Parsers.name());
        if (!operator.holds("name")) {
            operator.report("name", "is missing; write under which name changes are kept");
        } else if (name.isPresent() && RESERVED.contains(name.get())) {
            operator.report("name", "is taken by Crossfade; choose another one");
        } else if (name.isPresent() && !names.add(name.get())) {
            operator.report("name", "is given twice; keep one of them");
        }
        return name;
    }

    private static Optional<String> hash(Section operator, Set<String> hashes) {
        if (operator.holds("token")) {
            operator.report("token", "must not stand here; write its hash as tokenHash" + HOW);
            return Optional.empty();
        }
        // Not by a parser of its own: what is wrong here may be the token itself, and parsers quote what is wrong.
        Optional<String> hash = operator.read("tokenHash", Parsers.text());
        if (hash.isEmpty()) {
            operator.report("tokenHash", "is missing" + HOW);
        } else if (!hash.get().matches("[0-9a-f]{64}")) {
            operator.report("tokenHash", "is not the SHA-256 of a token, in 64 digits of 0 to 9 and a to f" + HOW);
        } else if (!hashes.add(hash.get())) {
            operator.report("tokenHash", "is given twice; give each operator an own token");
        }
        return hash;
    }
}
