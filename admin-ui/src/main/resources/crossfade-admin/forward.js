// Forward, behind gates: what is not green needs a reason, which the history keeps.

import { api, attempt, session } from "./api.js";
import { byId, redraw, setText, plural } from "./dom.js";
import { gateList, notGreen } from "./gates.js";
import { begin } from "./works.js";

const SAYS = {
  forward: (group) => ({
    title: `Move ${group.name} to ${group.nextStage}`,
    text: "Stages go forward one at a time. Going back is possible at any time.",
    verb: `Move to ${group.nextStage}`,
  }),
  cutover: (group) => ({
    title: `Cut over ${group.name}`,
    text: `The writes of ${group.repositories.join(", ")} go to the target. They wait for a moment and none fails; from then on legacy follows the target.`,
    verb: "Cut over",
  }),
  rehearse: (group) => ({
    title: `Rehearse the cutover of ${group.name}`,
    text: `The writes of ${group.repositories.join(", ")} go to the target and back under the present load, with a report. They wait for a moment, twice.`,
    verb: "Rehearse",
  }),
};

SAYS.force = (group) => ({
  title: `Take the writes of ${group.name} back by force`,
  text: `The target does not answer, so legacy takes the writes without what it lacks: ${group.lost.text}. What the target holds beyond that is listed for a decision when it answers again.`,
  verb: "Take back by force",
});

let asked = null;
let groups = new Map();

export function prepareForward() {
  byId("forward-form").addEventListener("submit", confirm);
  byId("forward-cancel").addEventListener("click", () => byId("forward").close());
  byId("forward-reason").addEventListener("input", showVerb);
  byId("forward").addEventListener("close", () => (asked = null));
}

/** Asks for a confirmation that shows the gates; what is one of forward, cutover, rehearse and force. */
export function askForward(name, what) {
  asked = { name, what, stage: groups.get(name).stage };
  byId("forward-reason").value = "";
  setText(byId("forward-problem"), "");
  showForward();
  byId("forward").showModal();
}

/** The gates go on changing while they are looked at. */
export function showForward(now = groups) {
  groups = now;
  if (!asked) {
    return;
  }
  const group = groups.get(asked.name);
  if (!group || group.stage !== asked.stage) {
    byId("forward").close();
    return;
  }
  const { title, text } = SAYS[asked.what](group);
  setText(byId("forward-title"), title);
  setText(byId("forward-text"), text);
  redraw(byId("forward-gates"), gatesBefore(group), gateList);
  showVerb();
}

/** Going back is behind none. */
const gatesBefore = (group) => (asked.what === "force" ? [] : group.gates);

function showVerb() {
  const group = groups.get(asked.name);
  const open = notGreen(gatesBefore(group)).length;
  const needed = open > 0 || asked.what === "force";
  const reason = byId("forward-reason").value.trim();
  setText(
    byId("forward-hint"),
    asked.what === "force" ? "It may lose writes, so it needs a reason." : open > 0 ? `${plural(open, "gate")} ${open === 1 ? "is" : "are"} not green. Going on all the same needs a reason.` : "All gates are green. A reason is welcome.",
  );
  byId("forward-reason").required = needed;
  const { verb } = SAYS[asked.what](group);
  const confirmed = byId("forward-confirm");
  setText(confirmed, open > 0 ? `Override and ${verb[0].toLowerCase()}${verb.slice(1)}` : verb);
  confirmed.classList.toggle("risky", needed);
  confirmed.disabled = byId("forward").dataset.busy === "yes" || (needed && !reason);
}

async function confirm(event) {
  event.preventDefault();
  const { what, name } = asked;
  const group = groups.get(name);
  const reason = byId("forward-reason").value.trim();
  const body = { ...(reason && { reason }), ...(notGreen(gatesBefore(group)).length > 0 && { override: true }) };
  byId("forward").dataset.busy = "yes";
  showVerb();
  const done = await attempt((text) => setText(byId("forward-problem"), text), () => go(what, group, body));
  byId("forward").dataset.busy = "no";
  if (done || !session.operator) {
    byId("forward").close();
  } else if (asked) {
    showVerb();
  }
}

function go(what, group, body) {
  if (what === "forward") {
    const path = `/api/repositories/${encodeURIComponent(group.repositories[0])}`;
    return api(path, { method: "PATCH", body: { stage: group.nextStage, ...body }, epoch: group.epoch });
  }
  if (what === "force") {
    return begin("/api/rollback", { repositories: group.repositories, force: true, ...body });
  }
  return begin(`/api/${what}`, { repositories: group.repositories, ...body }, group.epoch);
}
