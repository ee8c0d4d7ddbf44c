// What must hold before the next stage, as a list to be ticked off.

import { element, when } from "./dom.js";

const MARKS = { green: "✓", red: "✕", unknown: "?", good: "✓", bad: "✕", "no-data": "?", off: "–" };

export function gateList(gates) {
  return gates.map((gate) => {
    const row = element("li", `gate ${gate.state}`);
    const mark = element("span", "mark", MARKS[gate.state] ?? "?");
    mark.setAttribute("role", "img");
    mark.setAttribute("aria-label", gate.state);
    row.append(mark, element("strong", "", gate.name), element("span", "reason", gate.reason));
    if (gate.at) {
      row.append(element("time", "", `since ${when(gate.at)}`));
    }
    return row;
  });
}

export const notGreen = (gates) => gates.filter((gate) => gate.state !== "green");

export function gateSummary(gates) {
  const count = (state) => gates.filter((gate) => gate.state === state).length;
  if (gates.length === 0) return "no gate stands before it";
  return ["green", "red", "unknown"]
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${state}`)
    .join(", ");
}
