package io.crossfade.feature;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import io.crossfade.Crossfade;
import io.crossfade.call.Operation;
import io.crossfade.comparison.Difference;
import io.crossfade.comparison.Mismatch;
import io.crossfade.comparison.MismatchKind;
import io.crossfade.migration.Side;
import io.crossfade.mismatch.MismatchStore;
import io.crossfade.settings.CutoverSettings;
import io.crossfade.testing.Browser;
import io.crossfade.testing.CrossfadeExtension;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page in a real browser, as an operator uses it while the application goes on. */
class OperatorPageTest {
    private static final double PATIENT_MILLIS = 60_000;
    private static final Pattern SOME_SHARE = Pattern.compile("[1-9][0-9.]* %");
    private static final Pattern SOME_TIME = Pattern.compile("[0-9][0-9.]* m?s");
    private static final Pattern MASKED = Pattern.compile("text [0-9a-f]{8} \\(12\\)");
    private static final String SHARE = "SELECT DISTINCT rollout FROM crossfade.state WHERE group_name = 'counters'";

    /** What makes a gate red. */
    private static final String NOT_VERIFIED = "DELETE FROM crossfade.fact WHERE fact = 'verify'";

    private final List<String> errors = new ArrayList<>();
    private CutoverRig rig;
    private Browser browser;

    @BeforeEach
    void open() {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENT_MILLIS);
        browser = Browser.open();
        rig = new CutoverRig(CutoverSettings.DEFAULTS);
    }

    @AfterEach
    void close() throws InterruptedException {
        browser.close();
        if (rig != null) {
            rig.close();
        }
    }

    @Test
    void anOperatorMovesReadsCutsOverAndRollsBackUnderLoadAndNoCallFails() throws InterruptedException {
        Crossfade proxy = rig.proxy();
        List.of(rig.legacy, rig.target).forEach(side -> side.execute(NOT_VERIFIED));
        rig.write(6, proxy);
        Page page = signedIn(proxy);
        Locator counters = page.getByLabel("Group counters");
        mismatchesAreShown(page, proxy);
        assertThat(counters.locator(".writes-on")).hasText("writes on legacy");

        moveTheSlider(page, counters);
        cutOver(page, counters);
        assertThat(CutoverRig.fenced(rig.legacy)).contains("counters");
        writesGoOn();

        button(counters, "Roll back").click();
        assertThat(page.locator("dialog")).isHidden();
        Locator title = counters.locator(".work.done .work-title");
        assertThat(title).hasText(Pattern.compile("Rolled back counters in " + SOME_TIME + "\\."));
        assertThat(counters.locator(".work-facts")).hasText(Pattern.compile("Writes waited " + SOME_TIME));
        assertThat(counters.locator(".steps")).containsText("giving the writes to legacy");
        assertThat(counters.locator(".writes-on")).hasText("writes on legacy");
        assertThat(counters.locator("[aria-current=step]")).hasText("shadow");
        assertThat(CutoverRig.fenced(rig.legacy)).doesNotContain("counters");
        assertThat(CutoverRig.fenced(rig.target)).contains("counters");
        writesGoOn();

        assertThat(page.locator("#history")).containsText("counters: live → shadow, writes on legacy");
        assertThat(page.locator("#pulse")).hasText("Live");
        assertThat(errors).isEmpty();
        rig.expectNothingLost();
    }

    /** As soon as there are any, and without their values. */
    private static void mismatchesAreShown(Page page, Crossfade proxy) {
        assertThat(page.locator("#mismatches-reads"))
                .hasText(Pattern.compile("[1-9][0-9,.]* reads were compared within a day\\."));
        MismatchStore store = proxy.mismatches().orElseThrow();
        JsonNode key = new TextNode("+79990001122");
        store.accept(new Mismatch(
                "counters",
                Operation.FIND_ONE,
                "findOne counters id=eq",
                Side.LEGACY,
                true,
                List.of(new Difference(
                        MismatchKind.VALUE,
                        key,
                        List.of("phone"),
                        new ObjectNode(JsonNodeFactory.instance).put("phone", "+79990001122"),
                        new ObjectNode(JsonNodeFactory.instance).put("phone", "+79990001133")))));
        // Counters that are being written may differ for a moment, which is on the list, too.
        Locator mismatch = page.locator(".mismatch").filter(new Locator.FilterOptions().setHasText("phone"));
        assertThat(mismatch.locator(".mismatch-head"))
                .hasText(Pattern.compile("confirmed\\s*counters\\s*other values\\s*phone"));
        mismatch.locator("summary").click();
        assertThat(mismatch.locator(".sample td")).hasText(new Pattern[] {MASKED, MASKED});
        assertThat(page.locator("body")).not().containsText("7999");
        store.agrees("counters", MismatchKind.VALUE, List.of("phone"), Instant.now());
        assertThat(mismatch).containsText("by crossfade: read again, and both sides gave the same");
        page.onceDialog(dialog -> dialog.accept("phones of a test"));
        mismatch.getByText("Resolve …").click();
        assertThat(mismatch.locator(".badge")).hasText("resolved");
        assertThat(mismatch).containsText("by admin: phones of a test");
        assertThat(page.locator("#history")).containsText("phones of a test");
    }

    /** With the mouse to somewhere, and with the keyboard to its end. */
    private void moveTheSlider(Page page, Locator counters) {
        Locator wanted = counters.locator(".wanted");
        Locator slider = counters.locator(".slider");
        assertThat(wanted).hasText("50 %");
        slider.scrollIntoViewIfNeeded();
        BoundingBox box = slider.boundingBox();
        page.mouse().move(box.x + box.width / 2, box.y + box.height / 2);
        page.mouse().down();
        page.mouse().move(box.x + box.width * 0.8, box.y + box.height / 2);
        page.mouse().up();
        CounterRig.await("the share is kept", () -> !rig.legacy.rows(SHARE).equals(List.of("50.00")));
        String dragged = rig.legacy.value(SHARE);
        assertThat(Double.parseDouble(dragged)).isBetween(70.0, 90.0);
        assertThat(wanted).hasText(dragged.replace(".00", " %"));

        slider.press("End");
        assertThat(wanted).hasText("100 %");
        CounterRig.await("the share is kept", () -> rig.legacy.rows(SHARE).equals(List.of("100.00")));
        assertThat(counters.locator(".measured")).hasText(SOME_SHARE);
        assertThat(counters.locator(".complaint")).isEmpty();
    }

    /** Past a gate that is red. */
    private void cutOver(Page page, Locator counters) {
        button(counters, "Cut over …").click();
        Locator dialog = page.getByRole(AriaRole.DIALOG);
        assertThat(dialog.locator(".gate.red").filter(new Locator.FilterOptions().setHasText("verify")))
                .isVisible();
        Locator confirm = button(dialog, "Override and cut over");
        assertThat(confirm).isDisabled();
        dialog.getByLabel("Reason, kept in the history").fill("a rehearsed move");
        confirm.click();
        assertThat(dialog).isHidden();
        assertThat(counters.locator(".work.done .work-title"))
                .hasText(Pattern.compile("Cutover of counters is done, " + SOME_TIME + " after you asked for it\\."));
        assertThat(counters.locator(".work-facts")).hasText(Pattern.compile("Writes waited " + SOME_TIME));
        Locator last = counters.locator(".steps li")
                .filter(new Locator.FilterOptions().setHasText("giving the writes to target"));
        assertThat(last.locator(".step-millis")).hasText(SOME_TIME);
        assertThat(counters.locator(".writes-on")).hasText("writes on target");
        assertThat(counters.locator("[aria-current=step]")).hasText("live");
        assertThat(page.locator("#history")).containsText("a rehearsed move");
    }

    private Page signedIn(Crossfade proxy) {
        Page page = browser.page();
        page.onPageError(errors::add);
        page.navigate("http://127.0.0.1:" + proxy.adminPort() + "/");
        page.getByLabel("Token").fill(CrossfadeExtension.ADMIN_TOKEN);
        page.keyboard().press("Enter");
        assertThat(page.locator("#role")).hasText("operator");
        assertThat(page.locator("#pulse")).hasText("Live");
        return page;
    }

    private static Locator button(Locator within, String name) {
        return within.getByRole(
                AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    private void writesGoOn() {
        int before = rig.acknowledged();
        CounterRig.await("writes go on", () -> rig.acknowledged() > before + 50 || !rig.failures.isEmpty());
        assertThat(rig.failures).isEmpty();
    }
}
