// One group: where it stands, how it is, and what can be done with it.

import { api, attempt, mayChange } from "./api.js";
import { button, byId, element, number, percent, plural, redraw, setText, when } from "./dom.js";
import { askForward } from "./forward.js";
import { gateList, gateSummary } from "./gates.js";
import { isBeyond, STAGES } from "./model.js";
import { begin, isRunning, latest, showWork } from "./works.js";

const OWN_MILLIS = 3_000;

export class Card {
  constructor(name) {
    this.name = name;
    this.sliding = false;
    this.sent = null;
    this.own = { epoch: 0, until: 0 };
    this.root = byId("group").content.firstElementChild.cloneNode(true);
    this.root.setAttribute("aria-label", `Group ${name}`);
    this.root.dataset.group = name;
    this.part(".name").textContent = name;
    this.part(".track").append(...STAGES.map((stage) => element("li", "", stage)));
    this.slider = this.part(".slider");
    this.slider.setAttribute("aria-label", `Share of the reads of ${name} that the target is to answer, in percent`);
    this.slider.addEventListener("input", () => this.slide());
    this.slider.addEventListener("change", () => this.setShare(Number(this.slider.value)));
    this.part(".roll-back").addEventListener("click", () => this.rollBack());
    this.part(".forward").addEventListener("click", () => askForward(this.name, this.ahead()));
    this.part(".force").addEventListener("click", () => askForward(this.name, "force"));
    this.part(".rehearse").addEventListener("click", () => askForward(this.name, "rehearse"));
    this.part(".ramp").addEventListener("click", () => this.change({ ramp: true }));
    this.part(".back-to").addEventListener("change", (event) => event.target.value && this.change({ stage: event.target.value }));
  }

  part(selector) {
    return this.root.querySelector(selector);
  }

  complain(text) {
    setText(this.part(".complaint"), text);
  }

  matches(words) {
    return `${this.name} ${this.group.repositories.join(" ")} ${this.group.stage}`.toLowerCase().includes(words);
  }

  show(group) {
    if (group.epoch < this.own.epoch && Date.now() < this.own.until) {
      return;
    }
    this.group = group;
    const { stage, repositories, authority, shadow, lost } = group;
    this.root.dataset.stage = stage;
    const others = repositories.filter((name) => name !== this.name);
    setText(this.part(".members"), others.length > 0 ? `with ${others.join(", ")}` : "");
    this.showTrack(stage);
    setText(this.part(".writes-on"), `writes on ${authority}`);
    this.part(".writes-on").dataset.side = authority;
    this.showShare(group);
    setText(this.part(".lag"), lag(shadow));
    const calls = [group.reads, group.writes].reduce((all, one) => all + one.legacy + one.target, 0);
    setText(this.part(".calls"), number(calls));
    setText(this.part(".lost"), lost.text);
    setText(this.part(".lost-note"), lost.note);
    this.part(".lost").classList.toggle("bad", lost.bad);
    redraw(this.part(".problems"), problems(group), (lines) => lines.map((line) => element("li", "", line)));
    this.showDetails(group);
    this.showButtons(group);
    this.showWork();
  }

  showTrack(stage) {
    const present = STAGES.indexOf(stage);
    [...this.part(".track").children].forEach((step, index) => {
      step.className = index < present ? "passed" : index === present ? "present" : "";
      if (index === present) step.setAttribute("aria-current", "step");
      else step.removeAttribute("aria-current");
    });
  }

  /** What the operator is just moving is not overwritten by what was told meanwhile. */
  showShare({ stage, rollout, measured, rolloutByOperation }) {
    const open = stage === "rollout";
    const wanted = open ? rollout : isBeyond(stage, "rollout") ? 100 : 0;
    this.slider.disabled = !open || !mayChange() || isRunning(this.name);
    if (!this.sliding && this.sent === null) {
      this.slider.value = String(wanted);
      this.showWanted(wanted);
    }
    const text = measured === null ? "–" : percent(Math.round(measured * 10) / 10);
    setText(this.part(".measured"), text);
    this.part(".measured").title = measured === null ? "No reads in the last minute" : "Of the last minute";
    this.part(".meter").classList.toggle("idle", measured === null);
    this.part(".meter i").style.width = `${measured ?? 0}%`;
    const own = Object.entries(rolloutByOperation).map(([read, share]) => `${read} ${percent(share)}`);
    setText(this.part(".by-operation"), own.length > 0 ? `${own.join(", ")}; the slider sets all reads alike` : "");
  }

  showWanted(share) {
    setText(this.part(".wanted"), percent(share));
    this.slider.setAttribute("aria-valuetext", percent(share));
  }

  slide() {
    this.sliding = true;
    this.showWanted(Number(this.slider.value));
  }

  /** One change at a time: each is based on the one before, and who holds a key down asks for the last share only. */
  async setShare(share) {
    const busy = this.sent !== null;
    this.sent = share;
    this.sliding = false;
    while (!busy && this.sent !== null) {
      const wanted = this.sent;
      const done = await this.change({ rollout: wanted });
      if (!done || this.sent === wanted) {
        this.sent = null;
      }
    }
    this.show(this.group);
  }

  async change(wanted) {
    const path = `/api/repositories/${encodeURIComponent(this.group.repositories[0])}`;
    const now = await attempt((text) => this.complain(text), () =>
      api(path, { method: "PATCH", body: wanted, epoch: this.group.epoch }));
    if (now) {
      // Shown at once, and not taken back by a status that was put together before.
      this.own = { epoch: now.epoch, until: Date.now() + OWN_MILLIS };
      const { stage, rollout, rolloutByOperation, acceptedStages, nextStage, gates, guardrails, ramp, epoch } = now;
      this.show({ ...this.group, stage, rollout, rolloutByOperation, acceptedStages, nextStage, gates, guardrails, ramp, epoch });
    } else {
      this.show(this.group);
    }
    return now !== null;
  }

  /** Needs no question: backward is always allowed, and loses nothing. */
  rollBack() {
    attempt((text) => this.complain(text), () => begin("/api/rollback", { repositories: this.group.repositories }));
  }

  ahead() {
    return this.group.nextStage === "live" ? "cutover" : "forward";
  }

  showDetails({ gates, nextStage, guardrails, ramp, acceptedStages, stage }) {
    setText(this.part(".gates-summary"), nextStage ? `Towards ${nextStage}: ${gateSummary(gates)}` : "Complete: no stage is left");
    this.part(".details").dataset.state = gates.some((gate) => gate.state === "red") ? "red" : "";
    redraw(this.part(".gates"), gates, gateList);
    redraw(this.part(".guardrails"), guardrails, (rails) => gateList(rails));
    this.part(".guardrails-title").hidden = guardrails.length === 0;
    setText(this.part(".ramp-note"), ramp ? `Goes forward by itself: ${percent(ramp.next)} not before ${when(ramp.notBefore)}. Moving the slider ends that.` : "");
    this.part(".ramp").hidden = stage !== "rollout" || Boolean(ramp) || !mayChange();
    const before = acceptedStages.filter((one) => isBeyond(stage, one));
    this.part(".back-to-label").hidden = before.length === 0 || !mayChange();
    redraw(this.part(".back-to"), before, () => [new Option("choose …", ""), ...before.map((one) => new Option(one, one))]);
  }

  showButtons({ stage, nextStage, needsForce }) {
    const running = isRunning(this.name);
    this.part(".buttons").hidden = !mayChange();
    const forward = this.part(".forward");
    setText(forward, nextStage === "live" ? "Cut over …" : nextStage ? `To ${nextStage} …` : "Complete");
    forward.disabled = !nextStage || running;
    this.part(".force").hidden = !needsForce;
    this.part(".rehearse").hidden = nextStage !== "live";
    this.part(".rehearse").disabled = running;
    // Stays possible while a cutover runs, which it ends.
    this.part(".roll-back").disabled = !isBeyond(stage, "shadow");
    this.part(".roll-back").title = isBeyond(stage, "shadow")
      ? "Brings reads and writes back to legacy at once, without a question"
      : "Reads and writes are on legacy";
  }

  showWork() {
    showWork(this.part(".work-place"), latest(this.name));
  }
}

function lag(shadow) {
  if (!shadow) return "–";
  return shadow.catchingUp ? "catching up" : `${shadow.lagSeconds.toFixed(shadow.lagSeconds < 10 ? 2 : 0)} s`;
}

function problems({ red, shadow }) {
  const lines = [];
  if (red) lines.push(`Capture is red: ${red}`);
  if (shadow?.problem) lines.push(`Replay does not go on: ${shadow.problem}`);
  if (shadow?.deadLetters > 0) lines.push(`${plural(shadow.deadLetters, "dead letter")}: rows that ${shadow.to} would not take, see below`);
  return lines;
}
