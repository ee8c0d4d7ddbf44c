package io.crossfade;

import static org.assertj.core.api.Assertions.assertThat;

import io.crossfade.call.CallFailure.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Whoever looks up a code in the reference finds it. */
class ErrorsReferenceTest {
    private static final Path REFERENCE = Path.of("../docs/reference/errors.md");
    private static final Pattern EXPLAINED = Pattern.compile("(?m)^\\| `((?:PGRST|CF)\\w+)` \\|");

    @Test
    void everyCodeOfAFailureIsExplainedOnceAndNoOther() throws IOException {
        List<String> codes = Arrays.stream(Code.values()).map(Code::name).toList();

        assertThat(EXPLAINED.matcher(Files.readString(REFERENCE)).results().map(row -> row.group(1)))
                .containsExactlyInAnyOrderElementsOf(codes);
    }
}
