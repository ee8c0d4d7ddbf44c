// Rows that a side would not take, and what an operator decides about them.

import { api, attempt, mayChange } from "./api.js";
import { button, byId, element, redraw, setText, when } from "./dom.js";

const MOST = 50;
let deciding = false;

export function prepareLetters() {
  byId("retry-all").addEventListener("click", () => decide("/api/dead-letters/retry"));
}

/** Asked for only while there are any, or while the list still shows some. */
export async function showLetters(groups) {
  const any = groups.some((group) => group.deadLetters > 0) || !byId("letters-section").hidden;
  if (!any || deciding) {
    return;
  }
  const { total, deadLetters: letters, notAsked } = await api(`/api/dead-letters?limit=${MOST}`);
  const problems = notAsked.map((side) => `Those of ${side.side} are not in the list: ${side.problem}`);
  byId("letters-section").hidden = total === 0 && problems.length === 0;
  byId("retry-all").hidden = !mayChange();
  setText(byId("letters-count"), total > letters.length ? `${letters.length} of ${total}` : String(total));
  redraw(byId("letters"), [letters, problems, mayChange()], () => [
    ...problems.map((problem) => element("li", "letter problem", problem)),
    ...letters.map(letterRow),
  ]);
}

function letterRow(letter) {
  const tried = letter.attempts === 1 ? "tried once" : `tried ${letter.attempts} times`;
  const what = element("div", "letter-what");
  what.append(
    element("p", "letter-head", "", element("strong", "", letter.repository), element("code", "", maskedKey(letter.key))),
    element("p", "", letter.problem),
    element("p", "muted", `Refused by ${letter.side} since ${when(letter.firstFailedAt)}, ${tried}, next try ${when(letter.nextTryAt)}`),
  );
  const row = element("li", "letter", "", what);
  if (mayChange()) {
    row.append(element("div", "letter-buttons", "", decision(letter, "retry", "Retry"), decision(letter, "discard", "Discard")));
  }
  return row;
}

/** Keys may be personal data: the API gives the length of each column, and a hash that is the same for equal values. */
function maskedKey(parts) {
  return parts.map((part) => `${part.hash} (${part.length})`).join(", ");
}

function decision(letter, action, text) {
  const question = "The row stays different on the two sides until its key is written again. Discard it?";
  const made = button(text, "plain", () => {
    if (action !== "discard" || window.confirm(question)) {
      decide(`/api/dead-letters/${encodeURIComponent(letter.id)}/${action}`);
    }
  });
  made.id = `${action}-${letter.id}`;
  made.setAttribute("aria-label", `${text} the row of ${letter.repository} with key ${maskedKey(letter.key)}`);
  return made;
}

async function decide(path) {
  deciding = true;
  await attempt((text) => setText(byId("letters-problem"), text), () => api(path, { method: "POST" }));
  deciding = false;
}
