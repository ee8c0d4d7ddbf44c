// Cutovers, rollbacks and rehearsals, step by step.

import { api } from "./api.js";
import { byId, element, button, millis, redraw } from "./dom.js";

const WORDS = { cutover: "Cutover", rollback: "Rollback", rehearse: "Rehearsal", force: "Forced rollback" };
// Work that had ended before the page was opened is history.
const works = new Map();
const pressedAt = new Map();
const tookMillis = new Map();
let listener = () => {};

/** Calls back with the work whenever some has gone on. */
export function onWork(callback) {
  listener = callback;
}

export function forgetWorks() {
  works.clear();
}

/** Begins work; how long it takes counts from the press of the button. */
export async function begin(path, body, epoch) {
  const pressed = performance.now();
  const work = await api(path, { method: "POST", body, epoch });
  pressedAt.set(work.id, pressed);
  // It may have ended before the answer to its beginning was here.
  const known = works.get(work.id);
  if (known && known.state !== "running") {
    tookMillis.set(work.id, known.toldAt - pressed);
    listener(known);
  } else {
    told(work);
  }
  return work;
}

/** Keeps what was told, unless it is older than what is known. */
export function told(work) {
  const known = works.get(work.id);
  if (known && known !== work && known.state !== "running") {
    return;
  }
  const seen = { ...work, toldAt: known?.toldAt ?? performance.now() };
  if (work.state !== "running" && known?.state !== work.state) {
    seen.toldAt = performance.now();
    if (pressedAt.has(work.id) && !tookMillis.has(work.id)) {
      tookMillis.set(work.id, seen.toldAt - pressedAt.get(work.id));
    }
  }
  works.set(work.id, seen);
  listener(seen);
}

/** What ran before the page was connected, or went on while it was not. */
export async function catchUp() {
  const { operations } = await api("/api/operations");
  for (const work of operations.reverse()) {
    if (work.state === "running" || works.has(work.id)) {
      told(work);
    }
  }
  // A proxy that has restarted knows nothing of the work it did before.
  const present = new Set(operations.map((work) => work.id));
  for (const [id, work] of works) {
    if (work.state === "running" && !present.has(id)) {
      told({ ...work, state: "failed", outcome: "The proxy has restarted meanwhile. See above where the group stands now." });
    }
  }
}

/** The last work about exactly these groups; about several where none is named. */
export function latest(group) {
  const about = (work) => (group ? work.groups.length === 1 && work.groups[0] === group : work.groups.length > 1);
  return [...works.values()].filter(about).at(-1) ?? null;
}

export function isRunning(group) {
  return [...works.values()].some((work) => work.state === "running" && (!group || work.groups.includes(group)));
}

/** Shows the work in that place, until it is dismissed. */
export function showWork(place, work) {
  place.hidden = !work;
  redraw(place, work && [work.id, work.state, work.steps, work.report, tookMillis.get(work.id) ?? null], () =>
    work ? [panel(work)] : []);
}

function panel(work) {
  const made = element("div", `work ${work.state}`);
  const head = element("div", "work-head", "", element("p", "work-title", headline(work)));
  head.firstChild.setAttribute("role", "status");
  if (work.state !== "running") {
    head.append(button("Dismiss", "plain", () => {
      works.delete(work.id);
      listener(work);
    }));
  }
  made.append(head);
  const facts = summary(work);
  if (facts) {
    made.append(element("p", "work-facts", facts));
  }
  const steps = element("ol", "steps");
  steps.append(...work.steps.map((step) => stepRow(step, work)));
  made.append(steps);
  return made;
}

function headline(work) {
  const about = work.groups.length === 1 ? work.groups[0] : `${work.groups.length} groups`;
  const what = `${WORDS[work.kind] ?? work.kind} of ${about}`;
  if (work.state === "running") return `${what} is running …`;
  if (work.state === "failed") return `${what} failed. ${work.outcome ?? ""}`;
  const took = tookMillis.get(work.id);
  if (work.kind === "force") {
    return `Legacy takes the writes of ${about} by force${took === undefined ? "" : `, ${millis(took)} after you asked for it`}.`;
  }
  if (work.kind === "rollback") {
    return took === undefined ? `Rolled back ${about}.` : `Rolled back ${about} in ${millis(took)}.`;
  }
  return took === undefined ? `${what} is done.` : `${what} is done, ${millis(took)} after you asked for it.`;
}

const HOLDS = { holdMillis: "writes waited", cutoverHoldMillis: "writes waited at the cutover", rollbackHoldMillis: "writes waited at the rollback" };

/** The longest hold of each kind, and what was lost. */
function summary(work) {
  const entries = Object.entries(work.report);
  const facts = [];
  for (const [name, words] of Object.entries(HOLDS)) {
    const held = entries.filter(([key]) => key.endsWith(`.${name}`)).map(([, value]) => value);
    if (held.length > 0) {
      facts.push(`${words} ${held.length > 1 ? "at most " : ""}${millis(Math.max(...held))}`);
    }
  }
  const lost = entries.filter(([key]) => key.endsWith(".rowsLost") || key.endsWith(".rowsAtRisk"));
  if (lost.length > 0) {
    const rows = lost.reduce((sum, [, value]) => sum + value, 0);
    facts.push(rows > 0 ? `up to ${rows} rows may be missing on legacy` : work.kind === "force" ? "no missing row is known" : "no row lost");
  }
  if (work.kind === "rollback" && work.state === "done" && facts.length === 0) {
    facts.push("reads went back; writes were on legacy all the time");
  }
  const text = facts.join(" · ");
  return text && text[0].toUpperCase() + text.slice(1);
}

/** What a step waited for is over when it is done. */
function stepRow(step, work) {
  const name = work.groups.length === 1 ? step.name.replace(`${work.groups[0]}: `, "") : step.name;
  const row = element("li", step.state);
  row.append(
    element("span", "mark", { done: "✓", failed: "✕", running: "…" }[step.state]),
    element("span", "step-name", name, ...(step.detail && step.state !== "done" ? [element("small", "", ` ${step.detail}`)] : [])),
    element("span", "step-millis", step.state === "running" ? "running" : millis(step.millis)),
  );
  return row;
}

/** The work about several groups has its place above them all. */
export function showCommonWork() {
  showWork(byId("common-work"), latest(null));
}
