package io.crossfade.feature;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import io.crossfade.Crossfade;
import io.crossfade.settings.AdminToken;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.settings.OperatorSettings;
import io.crossfade.settings.OperatorSettings.Role;
import io.crossfade.testing.Browser;
import io.crossfade.testing.CrossfadeExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two people before the page, each in a browser of their own: one who may do everything, and one who may look. */
class TwoOperatorsPageTest {
    private static final double PATIENT_MILLIS = 60_000;
    private static final String VIEWERS_TOKEN = "only-looks-0123456789abcdef";

    private final List<String> errors = new ArrayList<>();
    private CutoverRig rig;
    private Browser browser;

    @BeforeEach
    void open() {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENT_MILLIS);
        browser = Browser.open();
        rig = new CutoverRig(
                CutoverSettings.DEFAULTS,
                List.of(new OperatorSettings("vera", Role.VIEWER, AdminToken.hash(VIEWERS_TOKEN))));
    }

    @AfterEach
    void close() throws InterruptedException {
        browser.close();
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void oneButtonBringsEveryGroupBackAndWhoMayOnlyLookSeesItHappenWithoutAButton() throws InterruptedException {
        Crossfade proxy = rig.proxy();
        rig.write(4, proxy);
        CutoverRig.expectDone(CutoverRig.cutover(proxy));
        Page viewer = signedIn(proxy, VIEWERS_TOKEN, "viewer");
        Page operator = signedIn(proxy, CrossfadeExtension.ADMIN_TOKEN, "operator");
        for (Page page : List.of(viewer, operator)) {
            assertThat(card(page, "bookings").locator(".writes-on")).hasText("writes on target");
            assertThat(card(page, "counters").locator(".writes-on")).hasText("writes on target");
        }
        assertThat(rollBackEverything(viewer)).isHidden();
        assertThat(card(viewer, "bookings").locator(".buttons")).isHidden();
        assertThat(card(viewer, "counters").locator(".slider")).isDisabled();
        assertThat(viewer.locator("button:visible")).hasCount(1);
        assertThat(viewer.locator("button:visible")).hasText("Sign out");

        rollBackEverything(operator).click();
        assertThat(operator.locator("dialog")).isHidden();
        assertThat(operator.locator(".work.done .work-title").first())
                .hasText(Pattern.compile("Rolled back .+ in [0-9][0-9.]* m?s\\."));
        for (Page page : List.of(viewer, operator)) {
            assertThat(card(page, "bookings").locator(".writes-on")).hasText("writes on legacy");
            assertThat(card(page, "counters").locator(".writes-on")).hasText("writes on legacy");
        }
        assertThat(CutoverRig.fenced(rig.legacy)).isEmpty();
        assertThat(CutoverRig.fenced(rig.target)).contains("clients", "bookings", "counters");
        assertThat(errors).isEmpty();
        rig.expectNothingLost();
    }

    private static Locator card(Page page, String group) {
        return page.getByLabel("Group " + group);
    }

    private static Locator rollBackEverything(Page page) {
        return page.locator("#roll-back-all");
    }

    private Page signedIn(Crossfade proxy, String token, String role) {
        Page page = browser.page();
        page.onPageError(errors::add);
        page.navigate("http://127.0.0.1:" + proxy.adminPort() + "/");
        page.getByLabel("Token").fill(token);
        page.keyboard().press("Enter");
        assertThat(page.locator("#role")).hasText(role);
        assertThat(page.locator("#pulse")).hasText("Live");
        return page;
    }
}
