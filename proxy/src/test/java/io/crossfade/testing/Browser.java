package io.crossfade.testing;

import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A real browser, without a window: the Chromium of this machine, or the one that {@code CROSSFADE_CHROMIUM} names. Where
 * there is none, tests that need it fail rather than being skipped, because nothing else looks at the page.
 *
 * <p>Threads: that which opened it.
 */
public final class Browser implements AutoCloseable {
    private static final List<String> NAMES =
            List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
    private static final Pattern SEPARATOR = Pattern.compile(Pattern.quote(File.pathSeparator));
    private static final String MISSING =
            "There is no Chromium on the PATH, which the test of the operators' page drives."
                    + " Install it (on Debian: apt-get install chromium), or name one in CROSSFADE_CHROMIUM.";

    private final Playwright playwright;
    private final com.microsoft.playwright.Browser browser;

    private Browser(Playwright playwright, com.microsoft.playwright.Browser browser) {
        this.playwright = playwright;
        this.browser = browser;
    }

    /** Starts one. */
    public static Browser open() {
        Path executable = executable();
        // It brings its own driver, and would download browsers of its own if nobody stopped it.
        Playwright playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        try {
            return new Browser(
                    playwright,
                    playwright
                            .chromium()
                            .launch(new LaunchOptions()
                                    .setExecutablePath(executable)
                                    .setArgs(List.of("--disable-gpu", "--disable-background-networking"))));
        } catch (RuntimeException e) {
            playwright.close();
            throw e;
        }
    }

    /** A page with cookies of its own. */
    public Page page() {
        return browser.newPage();
    }

    @Override
    public void close() {
        playwright.close();
    }

    private static Path executable() {
        String named = System.getenv("CROSSFADE_CHROMIUM");
        Stream<Path> candidates = named != null && !named.isBlank()
                ? Stream.of(Path.of(named))
                : NAMES.stream()
                        .flatMap(name -> SEPARATOR
                                .splitAsStream(System.getenv().getOrDefault("PATH", ""))
                                .map(folder -> Path.of(folder, name)));
        return candidates.filter(Files::isExecutable).findFirst().orElseThrow(() -> new AssertionError(MISSING));
    }
}
