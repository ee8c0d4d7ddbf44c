// What both sides answer differently, in groups, with masked samples of each.

import { api, attempt, mayChange } from "./api.js";
import { button, byId, element, number, plural, redraw, setText, when } from "./dom.js";

const MOST = 50;
const ASK_MILLIS = 5_000;
const KINDS = {
  missing: "rows that the shadow lacks",
  extra: "rows that only the shadow has",
  value: "other values",
  order: "another order",
  unstable: "other rows under a limit without a total order",
  error: "one side failed, or failed otherwise",
  status: "another status or count",
  write: "the shadow kept something else than was written",
  table: "found by comparing whole tables",
};

// The groups that are open, each with its samples once they are known.
const open = new Map();
let askedAt = 0;
let known = null;
let resolved = 0;

/** How often something was resolved here, which the history tells of. */
export const resolutions = () => resolved;

/** Told that there is something new, it looks at once. */
export function mismatchesChanged() {
  askedAt = 0;
}

export function forgetMismatches() {
  open.clear();
  known = null;
  askedAt = 0;
}

/** Asked for every few seconds while something is compared, or the list still shows some. */
export async function showMismatches(groups) {
  const comparing = groups.some((group) => ["shadow", "rollout", "live"].includes(group.stage));
  byId("mismatches-section").hidden = !comparing && !known?.total;
  if (byId("mismatches-section").hidden && askedAt !== 0) {
    return;
  }
  const now = Date.now();
  if (now - askedAt < ASK_MILLIS) {
    return;
  }
  askedAt = now;
  known = await api(`/api/mismatches?limit=${MOST}`);
  await Promise.all([...open.keys()].map(load));
  draw();
}

function draw() {
  const { total, states, mismatches, comparedWithinADay, dropped, notAsked } = known;
  const reads = comparedWithinADay.reduce((sum, one) => sum + one.reads, 0);
  const problems = notAsked.map((side) => `What ${side.side} knows is not in the list: ${side.problem}`);
  if (total > mismatches.length) problems.push(`${number(total - mismatches.length)} more are not shown; './crossfade mismatches' lists them.`);
  if (dropped.confirmed > 0) problems.push(`${plural(dropped.confirmed, "confirmed group")} had to be forgotten, because there were too many.`);
  setText(byId("mismatches-count"), total === 0 ? "" : `${number(states.confirmed)} confirmed, ${number(states.transient)} transient, ${number(states.resolved)} resolved`);
  setText(byId("mismatches-reads"), reads === 0
    ? "No read was compared within a day, so nobody knows whether both sides answer the same."
    : `${plural(reads, "read was", "reads were")} compared within a day.`);
  byId("mismatches-reads").classList.toggle("attention", reads === 0);
  redraw(byId("mismatches"), [mismatches, problems, mayChange(), [...open]], () => [
    ...problems.map((problem) => element("li", "mismatch problem", problem)),
    ...mismatches.map(row),
  ]);
  byId("mismatches-empty").hidden = total > 0 || reads === 0;
  setText(byId("mismatches-empty"), "Nothing that was compared differs.");
}

function row(group) {
  const made = element("li", "mismatch");
  made.dataset.state = group.state;
  const columns = group.columns.length > 0 ? group.columns.join(", ") : "whole rows or answers";
  const head = element("p", "mismatch-head", "",
    element("span", `badge ${group.state}`, group.state),
    element("strong", "", group.repository),
    element("span", "", KINDS[group.kind] ?? group.kind),
    element("code", "", columns));
  const counts = [`seen in ${plural(group.confirmed + group.transient, "call")}`, `first ${when(group.firstSeenAt)}`, `last ${when(group.lastSeenAt)}`];
  if (group.transient > 0 && group.confirmed > 0) counts.splice(1, 0, `${number(group.transient)} of them gone when read again`);
  const what = element("div", "mismatch-what", "", head, element("p", "muted", counts.join(", ")));
  if (group.state === "resolved") {
    what.append(element("p", "muted", `Resolved ${when(group.resolved.at)} by ${group.resolved.by}: ${group.resolved.reason}`));
  }
  what.append(samples(group));
  made.append(what);
  // What is only equal again still holds its group back until somebody has said what it was.
  if (mayChange() && (group.state !== "resolved" || group.resolved.by === "crossfade")) {
    const resolve = button("Resolve …", "plain", () => askWhy(group));
    resolve.id = `resolve-${group.id}`;
    resolve.setAttribute("aria-label", `Resolve the mismatch of ${group.repository}: ${group.kind} ${columns}`);
    made.append(resolve);
  }
  return made;
}

function samples(group) {
  const details = element("details");
  const summary = element("summary", "", "Samples");
  summary.id = `samples-${group.id}`;
  details.append(summary);
  details.open = open.has(group.id);
  const found = open.get(group.id);
  if (found) {
    details.append(element("p", "muted", group.shape), ...found.map(sample));
    if (found.length === 0) details.append(element("p", "muted", "None are kept."));
  }
  details.addEventListener("toggle", async () => {
    if (details.open === open.has(group.id)) return;
    if (!details.open) {
      open.delete(group.id);
      return;
    }
    open.set(group.id, null);
    await attempt((text) => setText(byId("mismatches-problem"), text), () => load(group.id));
    draw();
  });
  return details;
}

async function load(id) {
  const group = await api(`/api/mismatches/${encodeURIComponent(id)}`);
  if (open.has(id)) open.set(id, group.samples);
}

/** Side by side, a line for each column that differs. */
function sample({ at, confirmed, key, authority, shadow, authoritySide }) {
  const other = { legacy: "target", target: "legacy" }[authoritySide];
  const table = element("table", "sample");
  const keyText = key ? ` key ${key.map(masked).join(", ")}` : "";
  table.append(element("caption", "", `${when(at)}${confirmed ? "" : ", gone when read again"}${keyText}`));
  if (!authority && !shadow) {
    table.append(element("tr", "", "", element("td", "muted", "The values are not known.")));
    return table;
  }
  table.append(element("tr", "", "", element("th", "", "column"), element("th", "", authoritySide ?? "authority"), element("th", "", other ?? "shadow")));
  const names = [...new Set([...(authority ?? []), ...(shadow ?? [])].map((value) => value.column))];
  const cell = (image, name) => {
    const value = image?.find((one) => one.column === name);
    return element("td", value ? "" : "muted", value ? masked(value) : "nothing");
  };
  table.append(...names.map((name) => element("tr", "", "", element("th", "", name ?? "answer"), cell(authority, name), cell(shadow, name))));
  return table;
}

/** Values may be personal data: the API gives type, length and a hash that is the same for equal values. */
function masked({ type, length, hash, value }) {
  if (value !== null) return value;
  return hash === null ? type : `${type} ${hash} (${length})`;
}

async function askWhy(group) {
  const reason = window.prompt("Why do the sides differ in this no more? The reason is kept in the history.");
  if (!reason?.trim()) return;
  await attempt((text) => setText(byId("mismatches-problem"), text), () =>
    api(`/api/mismatches/${encodeURIComponent(group.id)}/resolve`, { method: "POST", body: { reason: reason.trim() } }));
  resolved += 1;
  mismatchesChanged();
}
