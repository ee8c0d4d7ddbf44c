// Who did what, the newest first.

import { api } from "./api.js";
import { byId, element, percent, redraw, when } from "./dom.js";

const MOST = 12;
let shownFor = "";

/** Asked for anew when something has changed: the key says what was known of the state. */
export async function showHistory(key) {
  if (key === shownFor) {
    return;
  }
  shownFor = key;
  try {
    const { entries, notAsked } = await api(`/api/audit?limit=${MOST}`);
    redraw(byId("history"), entries, () => entries.map(row));
    byId("history-note").textContent = notAsked.map((side) => `${side.side} was not asked: ${side.problem}`).join("; ");
  } catch (problem) {
    shownFor = "";
    byId("history-note").textContent = `The history could not be read: ${problem.message}`;
  }
}

function row(entry) {
  const made = element("li");
  made.append(
    element("time", "", when(entry.at)),
    element("strong", "", entry.operator),
    element("span", "what", sentence(entry)),
    element("span", "reason", entry.reason ? `“${entry.reason}”` : ""),
  );
  return made;
}

function sentence({ kind, group, from, to }) {
  if (kind !== "state") {
    return `${kind.replaceAll("-", " ")}${group ? `, ${group}` : ""}`;
  }
  if (!from) return `${group} begins in ${to.stage}`;
  if (to.moving_to && !from.moving_to) return `${group}: writes begin to move to ${to.moving_to}`;
  const place = (state) => (state.stage === "rollout" ? `rollout ${percent(state.rollout)}` : state.stage);
  const parts = [];
  if (place(from) !== place(to)) parts.push(`${place(from)} → ${place(to)}`);
  if (from.authority !== to.authority) parts.push(`writes on ${to.authority}`);
  if (from.moving_to && from.authority === to.authority) parts.push(`writes stay on ${to.authority}`);
  return `${group}: ${parts.join(", ") || unseen(from, to)}`;
}

function unseen(from, to) {
  const shares = (state) => JSON.stringify(state.rollout_by_operation);
  return shares(from) === shares(to) ? "as before" : "shares of single operations";
}
