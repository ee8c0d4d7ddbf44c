// The two databases and the proxies between them.

import { byId, duration, element, redraw } from "./dom.js";

export function showSides({ sides, journals, instances }) {
  const alarms = new Map(journals.filter((one) => one.alarm).map((one) => [one.side, one.bytes]));
  redraw(byId("sides"), [sides, [...alarms]], () =>
    ["legacy", "target"].map((name) => sideCard(name, sides.find((side) => side.side === name), alarms.get(name))));
  // Seconds are shown only of those that are silent, so that nothing flickers.
  const shown = instances.map(({ id, address, version, epoch, behind, gone, here, seenSecondsAgo }) =>
    ({ id, address, version, epoch: behind ? epoch : null, behind, gone, here, silent: gone ? duration(seenSecondsAgo) : "" }));
  byId("instances-section").hidden = shown.length === 0;
  redraw(byId("instances"), shown, () => shown.map(instanceRow));
}

function sideCard(name, side, journalBytes) {
  const card = element("article", `side ${name}${side ? "" : " absent"}`);
  card.setAttribute("aria-label", `Side ${name}`);
  card.append(element("strong", "", name));
  if (!side) {
    card.append(element("span", "muted", "Not configured: every call is answered by legacy"));
    return card;
  }
  card.append(element("span", side.up ? "state" : "state down", side.up ? "Up" : "Down"), element("code", "address", side.address));
  if (!side.up && side.problem) {
    card.append(element("p", "problem", side.problem));
  }
  if (journalBytes) {
    card.append(element("p", "problem", `Its journal takes ${Math.round(journalBytes / 1048576)} MB, more than its alarm size`));
  }
  return card;
}

function instanceRow(instance) {
  const state = instance.gone ? `gone for ${instance.silent}` : instance.behind ? `behind, at epoch ${instance.epoch}` : "up to date";
  const row = element("li", instance.gone || instance.behind ? "instance attention" : "instance");
  row.append(
    element("code", "", instance.address),
    element("span", "muted", instance.here ? "this proxy" : ""),
    element("span", "instance-state", state),
  );
  return row;
}
