// The operators' page: everything that is told is shown, and what an operator presses is asked of the API.

import { attempt, mayChange } from "./api.js";
import { Card } from "./card.js";
import { byId, setText, time } from "./dom.js";
import { Feed } from "./feed.js";
import { prepareForward, showForward } from "./forward.js";
import { showHistory } from "./history.js";
import { prepareLetters, showLetters } from "./letters.js";
import { forgetMismatches, mismatchesChanged, resolutions, showMismatches } from "./mismatches.js";
import { groupsOf, isBeyond } from "./model.js";
import { showSides } from "./sides.js";
import { prepareSignIn, showLogin } from "./signin.js";
import { begin, catchUp, forgetWorks, onWork, showCommonWork, told } from "./works.js";

let cards = new Map();
let last = null;
let live = false;
let worksEnded = 0;

const feed = new Feed({
  told(event, data) {
    if (event === "work") told(data);
    else if (event === "mismatches") mismatchesChanged();
    else show(event === "status" ? data : { ...last, repositories: data });
  },
  live() {
    if (!live) {
      live = true;
      pulse("live", "Live");
      // What went on while nothing was heard.
      catchUp().catch(() => {});
    }
  },
  lost(heardAt) {
    live = false;
    pulse("lost", heardAt ? `Not live: numbers are of ${time(heardAt)}` : "Not live: the proxy does not answer");
  },
  refused: () => showLogin("The session has ended. Sign in again."),
});

function pulse(state, text) {
  document.body.dataset.feed = state;
  setText(byId("pulse"), text);
}

function open() {
  pulse("lost", "Connecting");
  feed.open();
}

function close() {
  feed.close();
  forgetWorks();
  forgetMismatches();
  cards = new Map();
  last = null;
  live = false;
  byId("groups").replaceChildren();
}

function show(seen) {
  if (!seen?.status || !seen.repositories) {
    return;
  }
  last = seen;
  const { status } = seen;
  const groups = groupsOf(seen);
  setText(byId("version"), status.version);
  setText(byId("epoch"), String(seen.repositories.epoch));
  showSides(status);
  showGroups(groups);
  showForward(new Map(groups.map((group) => [group.name, group])));
  byId("roll-back-all").hidden = !mayChange();
  byId("roll-back-all").disabled = !groups.some((group) => isBeyond(group.stage, "shadow"));
  showMismatches(groups).catch(() => {});
  showLetters(status.shadow).catch(() => {});
  showHistory(`${seen.repositories.epoch} ${worksEnded} ${resolutions()}`);
}

function showGroups(groups) {
  const names = groups.map((group) => group.name);
  if (names.join("\n") !== [...cards.keys()].join("\n")) {
    cards = new Map(names.map((name) => [name, cards.get(name) ?? new Card(name)]));
    byId("groups").replaceChildren(...[...cards.values()].map((card) => card.root));
  }
  groups.forEach((group) => cards.get(group.name).show(group));
  filter();
}

function filter() {
  const words = byId("filter").value.trim().toLowerCase();
  let shown = 0;
  for (const card of cards.values()) {
    card.root.hidden = !card.matches(words);
    shown += card.root.hidden ? 0 : 1;
  }
  setText(byId("count"), words ? `${shown} of ${cards.size}` : String(cards.size));
  byId("empty").hidden = shown > 0;
  setText(byId("empty"), cards.size === 0 ? "No repository is known yet: the catalogue has not been read." : "No group matches.");
}

/** Needs no question: backward is always allowed, and loses nothing. */
function rollBackAll() {
  attempt((text) => setText(byId("common-problem"), text), () => begin("/api/rollback", {}));
}

onWork((work) => {
  worksEnded += work.state === "running" ? 0 : 1;
  showCommonWork();
  work.groups.forEach((group) => cards.get(group)?.group && cards.get(group).show(cards.get(group).group));
});

byId("filter").addEventListener("input", filter);
byId("roll-back-all").addEventListener("click", rollBackAll);
prepareForward();
prepareLetters();
prepareSignIn(open, close);
