package io.crossfade.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Gives the writes of groups to the target. */
@Command(
        name = "cutover",
        description =
                "Gives the writes of groups in stage rollout to the target. Writes are held for moments, no call fails,"
                        + " and legacy is kept equal from then on, so that 'rollback' loses nothing.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:the target takes the writes", "1:refused, or not all; or no proxy answered", "2:wrong usage"
        },
        footer = {
            "",
            "Examples:",
            "  ./crossfade rehearse bookings         there and back, with a report",
            "  ./crossfade cutover bookings          the group of bookings",
            "  ./crossfade cutover --yes  every group in stage rollout, without asking back"
        })
final class CutoverCommand extends OperationCommand {
    @Option(names = "--yes", description = "Do not ask back.")
    private boolean yes;

    @Option(
            names = "--override",
            description = "Go on although a gate is red; needs --reason, which is kept with the names of the gates.")
    private boolean override;

    @Option(
            names = "--epoch",
            paramLabel = "N",
            description = "Only if nothing was changed since this epoch, as 'status' shows it (default: now).")
    private @Nullable Long epoch;

    CutoverCommand(Map<String, String> environment) {
        super(environment);
    }

    @Override
    String path() {
        return "/api/cutover";
    }

    @Override
    void describe(ObjectNode body) {
        if (override) {
            if (reason() == null || reason().isBlank()) {
                throw wrong("--override needs a --reason, which is kept with the change");
            }
            body.put("override", true);
        }
    }

    @Override
    OptionalLong basis(AdminApi api) throws CommandFailedException {
        return OptionalLong.of(
                epoch == null ? api.get("/api/status").path("epoch").asLong() : epoch);
    }

    @Override
    void confirm(List<String> repositories) throws CommandFailedException {
        if (yes) {
            return;
        }
        err().print("Give the writes of "
                + (repositories.isEmpty() ? "every group in stage rollout" : String.join(", ", repositories))
                + " to the target? Type 'yes': ");
        err().flush();
        if (!"yes".equals(answer())) {
            throw new CommandFailedException("Nothing was moved. With --yes it does not ask.");
        }
    }

    private static @Nullable String answer() throws CommandFailedException {
        try {
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            return line == null ? null : line.strip();
        } catch (IOException e) {
            throw new CommandFailedException("Nothing was moved: the answer could not be read.");
        }
    }
}
