// The operators' page. It holds no rules: whatever it can do, curl can do with the same API.

const POLL_MILLIS = 1000;
const STAGES = ["off", "dual-write", "shadow", "rollout", "live", "complete"];

const byId = (id) => document.getElementById(id);
const numbers = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });
const percent = (share) => `${numbers.format(share)} %`;

// Who signed in: name, role and csrf, the secret that shows that it is this page which asks. Null for nobody. The session
// itself is in a cookie that no script can read.
let operator = null;
// Each counts up, so that an answer which was under way meanwhile can be told to be old.
let session = 0;
let changes = 0;
let timer;
let controls = new Map();

/** What the API answered instead of what was asked: `detail` is a sentence for people. */
class ApiProblem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function api(path, options = {}) {
  const response = await fetch(path, {
    ...options,
    headers: { ...(operator && { "x-crossfade-csrf": operator.csrf }), ...options.headers },
    signal: AbortSignal.timeout(10_000),
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new ApiProblem(response.status, body.detail ?? `The proxy answered ${response.status}`);
  }
  return body;
}

// Signing in

function showLogin(error = "") {
  session += 1;
  clearTimeout(timer);
  operator = null;
  for (const id of ["board", "facts", "sign-out"]) {
    byId(id).hidden = true;
  }
  byId("login").hidden = false;
  byId("login-error").textContent = error;
  byId("token").value = "";
  byId("token").focus();
  pulse("off", "Not connected");
}

async function signIn(event) {
  event.preventDefault();
  byId("login-error").textContent = "";
  try {
    operator = await api("/api/session", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: byId("token").value.trim() }),
    });
    byId("token").value = "";
    showBoard();
  } catch (problem) {
    byId("login-error").textContent =
      problem.status === 401 ? "No operator of this proxy has this token." : explain(problem);
  }
}

async function signOut() {
  const ended = api("/api/session", { method: "DELETE" });
  showLogin();
  await ended.catch(() => showLogin("The proxy does not answer: the session ends by itself after twelve hours."));
}

/** Goes on where a session of this browser is still open. */
async function resume() {
  try {
    operator = await api("/api/session");
    showBoard();
  } catch (problem) {
    showLogin(problem.status === 401 ? "" : explain(problem));
  }
}

function showBoard() {
  session += 1;
  byId("login").hidden = true;
  for (const id of ["board", "facts", "sign-out"]) {
    byId(id).hidden = false;
  }
  poll();
}

function explain(problem) {
  return problem instanceof ApiProblem ? problem.message : "The proxy does not answer.";
}

// Looking

async function poll() {
  clearTimeout(timer);
  const [mySession, myChanges] = [session, changes];
  if (document.hidden) {
    pulse("paused", "Paused");
    return;
  }
  try {
    const [status, list] = await Promise.all([api("/api/status"), api("/api/repositories")]);
    if (mySession !== session) {
      return;
    }
    showStatus(status);
    await pollLetters(status.shadow);
    if (mySession !== session) {
      return;
    }
    if (myChanges === changes) {
      showRepositories(list);
    }
    pulse("live", "Live");
  } catch (problem) {
    if (mySession !== session) {
      return;
    }
    if (problem.status === 401) {
      showLogin("The session has ended. Sign in again.");
      return;
    }
    pulse("lost", explain(problem));
  }
  clearTimeout(timer);
  timer = setTimeout(poll, POLL_MILLIS);
}

/** Says so only when it changes, or a screen reader would repeat it every second. */
function pulse(state, text) {
  const element = byId("pulse");
  element.dataset.state = state;
  setText(element, text);
}

function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function showStatus(status) {
  setText(byId("version"), status.version);
  setText(byId("uptime"), duration(status.uptimeSeconds));
  const target = status.sides.some((side) => side.side === "target");
  const banner = !target
    ? "There is one database only: Crossfade answers every call from legacy. Configure a target to begin a migration."
    : "";
  notice("banner", "", banner);
  showSides(status.sides);
  showShadow(status.shadow, redGroups(status), status.journalAlarm ? status.journalBytes : 0);
}

function duration(seconds) {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3_600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  if (minutes > 0) return `${minutes} min ${seconds % 60} s`;
  return `${seconds} s`;
}

/** A message above everything; an empty text takes it away. */
function notice(id, kind, text) {
  const present = document.getElementById(`notice-${id}`);
  if (!text) {
    present?.remove();
    return;
  }
  if (present) {
    setText(present.querySelector("span"), text);
    return;
  }
  const made = element("p", `notice ${kind}`);
  made.id = `notice-${id}`;
  made.append(element("span", "", text));
  byId("notices").append(made);
}

const BEHIND_SECONDS = 2;

/** What keeps the target current: one line for all groups, and one more for each that needs a look. */
function showShadow(groups, red, alarmBytes) {
  byId("shadow-section").hidden = groups.length === 0 && red.length === 0 && alarmBytes === 0;
  byId("shadow").replaceChildren(
    shadowSummary(groups),
    ...(alarmBytes > 0 ? [journalRow(alarmBytes)] : []),
    ...red.map(redRow),
    ...groups.filter(needsLook).map(shadowRow),
  );
}

function redGroups(status) {
  return status.capture.filter((group) => group.red !== null);
}

/** A group whose target may lack writes: why, and what to do. */
function redRow(group) {
  const row = element("li", "card shadow attention");
  row.append(element("strong", "", group.group));
  row.append(element("span", "problem", group.red));
  return row;
}

function journalRow(bytes) {
  const row = element("li", "card shadow attention");
  row.append(element("strong", "", "Journal"));
  row.append(element("span", "problem", `takes ${Math.round(bytes / 1048576)} MB on legacy, more than its alarm size`));
  return row;
}

function needsLook(group) {
  return group.problem || group.deadLetters > 0 || group.catchingUp || group.lagSeconds > BEHIND_SECONDS;
}

function shadowSummary(groups) {
  const row = element("li", "card shadow");
  const sum = (field) => groups.reduce((total, group) => total + group[field], 0);
  const lag = groups.reduce((longest, group) => Math.max(longest, group.lagSeconds), 0);
  row.append(element("strong", "", groups.length === 1 ? "1 group shadowed" : `${groups.length} groups shadowed`));
  row.append(element("span", "", `target at most ${lag.toFixed(1)} s behind`));
  row.append(element("span", "", `${sum("waiting")} journal entries waiting`));
  row.append(element("span", "", countOfLetters(sum("deadLetters"))));
  return row;
}

function shadowRow(group) {
  const row = element("li", "card shadow attention");
  row.append(element("strong", "", group.group));
  row.append(element("span", "", group.catchingUp ? "catching up" : `${group.lagSeconds.toFixed(1)} s behind`));
  row.append(element("span", "", `${group.waiting} waiting`));
  row.append(element("span", "", countOfLetters(group.deadLetters)));
  if (group.problem) {
    row.append(element("span", "problem", group.problem));
  }
  return row;
}

function countOfLetters(count) {
  return count === 1 ? "1 dead letter" : `${count} dead letters`;
}

// Dead letters

const MOST_LETTERS = 50;
let shownLetters = "";
let deciding = false;

/** Asked for only while there are any, or while the list still shows some. */
async function pollLetters(groups) {
  const any = groups.some((group) => group.deadLetters > 0) || !byId("letters-section").hidden;
  if (any && !deciding) {
    showLetters(await api(`/api/dead-letters?limit=${MOST_LETTERS}`));
  }
}

function showLetters({ total, deadLetters: letters, notAsked }) {
  const problems = notAsked.map((side) => `Those of ${side.side} are not in the list: ${side.problem}`);
  byId("letters-section").hidden = total === 0 && problems.length === 0;
  setText(byId("letters-count"), total > letters.length ? `${letters.length} of ${total}` : String(total));
  const next = JSON.stringify([letters, problems]);
  // Drawn anew only when something has changed, or the buttons would lose the focus every second.
  if (next === shownLetters) {
    return;
  }
  shownLetters = next;
  const focused = document.activeElement?.id;
  const shown = problems.map((problem) => element("li", "card letter problem", problem));
  byId("letters").replaceChildren(...shown, ...letters.map(letterRow));
  if (focused) {
    document.getElementById(focused)?.focus();
  }
}

function letterRow(letter) {
  const row = element("li", "card letter");
  const what = element("div", "letter-what");
  const head = element("p", "letter-head");
  head.append(element("strong", "", letter.repository), element("code", "", maskedKey(letter.key)));
  const tried = letter.attempts === 1 ? "tried once" : `tried ${letter.attempts} times`;
  const since = new Date(letter.firstFailedAt).toLocaleString();
  const again = new Date(letter.nextTryAt).toLocaleTimeString();
  what.append(
    head,
    element("p", "", letter.problem),
    element("p", "muted", `Refused by ${letter.side} since ${since}, ${tried}, next try ${again}`),
  );
  const buttons = element("div", "letter-buttons");
  buttons.append(decision(letter, "retry", "Retry"), decision(letter, "discard", "Discard"));
  row.append(what, buttons);
  return row;
}

/** Keys may be personal data: the API gives the length of each column, and a hash that is the same for equal values. */
function maskedKey(parts) {
  return parts.map((part) => `${part.hash} (${part.length})`).join(", ");
}

function decision(letter, action, text) {
  const button = element("button", "plain", text);
  button.type = "button";
  button.id = `${action}-${letter.id}`;
  button.setAttribute("aria-label", `${text} the row of ${letter.repository} with key ${maskedKey(letter.key)}`);
  button.addEventListener("click", () => {
    const question = "The row stays different on the two sides until its key is written again. Discard it?";
    if (action !== "discard" || window.confirm(question)) {
      decide(`/api/dead-letters/${encodeURIComponent(letter.id)}/${action}`);
    }
  });
  return button;
}

async function decide(path) {
  deciding = true;
  setText(byId("letters-problem"), "");
  try {
    await api(path, { method: "POST" });
  } catch (problem) {
    if (problem.status === 401) {
      showLogin("The session has ended. Sign in again.");
      return;
    }
    setText(byId("letters-problem"), explain(problem));
  } finally {
    deciding = false;
  }
  poll();
}

let shownSides = "";

function showSides(sides) {
  const next = JSON.stringify(sides);
  if (next === shownSides) {
    return;
  }
  shownSides = next;
  const cards = ["legacy", "target"].map((name) => sideCard(name, sides.find((side) => side.side === name)));
  byId("sides").replaceChildren(...cards);
}

function sideCard(name, side) {
  const card = element("article", `card side ${name}${side ? "" : " absent"}`);
  const head = element("div", "side-head");
  head.append(element("strong", "", name));
  head.append(element("span", "role", name === "legacy" ? "where the data comes from" : "where the data goes"));
  card.append(head);
  if (!side) {
    card.append(element("p", "pool", "Not configured"));
    return card;
  }
  head.append(element("span", side.up ? "state" : "state down", side.up ? "Up" : "Down"));
  const address = element("p", "address");
  address.append(element("code", "", side.address));
  card.append(address, element("p", "pool", `Up to ${side.poolSize} connections`));
  if (!side.up && side.problem) {
    card.append(element("p", "problem", side.problem));
  }
  return card;
}

// Repositories

function showRepositories(list) {
  setText(byId("epoch"), String(list.epoch));
  const names = list.repositories.map((repository) => repository.name);
  if (names.join("\n") !== [...controls.keys()].join("\n")) {
    controls = new Map(names.map((name) => [name, controls.get(name) ?? new Row(name)]));
    byId("rows").replaceChildren(...[...controls.values()].flatMap((row) => row.elements()));
  }
  list.repositories.forEach((repository) => controls.get(repository.name).show(repository, list.epoch));
  applyFilter();
}

function applyFilter() {
  const words = byId("filter").value.trim().toLowerCase();
  let shown = 0;
  for (const row of controls.values()) {
    const matches = row.matches(words);
    row.setHidden(!matches);
    shown += matches ? 1 : 0;
  }
  setText(byId("count"), words ? `${shown} of ${controls.size}` : String(controls.size));
  byId("empty").hidden = shown > 0;
  setText(
    byId("empty"),
    controls.size === 0 ? "No repository is known yet: the catalogue has not been read." : "No repository matches.",
  );
}

/** One line of the table. What the operator is just moving is not overwritten by what was polled. */
class Row {
  constructor(name) {
    this.name = name;
    this.busy = false;
    this.moving = false;
    this.line = byId("row").content.firstElementChild.cloneNode(true);
    this.problem = element("tr", "row-error");
    this.problem.hidden = true;
    const cell = document.createElement("td");
    cell.colSpan = 5;
    this.message = element("span", "");
    this.message.setAttribute("role", "alert");
    const dismiss = element("button", "", "Dismiss");
    dismiss.type = "button";
    dismiss.addEventListener("click", () => this.complain(""));
    const complaint = element("div", "complaint");
    complaint.append(this.message, dismiss);
    cell.append(complaint);
    this.problem.append(cell);
    this.part(".name").textContent = name;
    this.stage = this.part(".stage");
    this.stage.setAttribute("aria-label", `Stage of ${name}`);
    this.slider = this.part(".slider");
    this.slider.setAttribute("aria-label", `Share of the reads of ${name} that the target is to answer, in percent`);
    this.stage.addEventListener("change", () => this.change({ stage: this.stage.value }));
    this.slider.addEventListener("input", () => this.slide());
    this.slider.addEventListener("change", () => this.change({ stage: "rollout", rollout: Number(this.slider.value) }));
  }

  part(selector) {
    return this.line.querySelector(selector);
  }

  elements() {
    return [this.line, this.problem];
  }

  matches(words) {
    const { name, group, stage } = this.shown;
    return `${name} ${group} ${stage}`.toLowerCase().includes(words);
  }

  setHidden(hidden) {
    this.line.hidden = hidden;
    this.problem.hidden = hidden || !this.message.textContent;
  }

  show(repository, epoch) {
    this.shown = repository;
    const { name, group, stage, rollout, acceptedStages } = repository;
    this.line.dataset.stage = stage;
    setText(this.part(".group"), group === name ? "" : `moves with group ${group}`);
    this.showMeasured(repository);
    this.showCalls(repository.callsPerMinute);
    if (this.busy || this.moving) {
      return;
    }
    // What the operator saw when the move began, which is what the change is based on.
    this.epoch = epoch;
    this.showStages(acceptedStages, stage);
    const open = acceptedStages.includes("rollout");
    this.slider.disabled = !open;
    this.slider.title = open
      ? "Moves the repository, and all others of its group, to stage rollout with this share"
      : "Stage rollout is not open to this repository";
    this.line.dataset.share = stage === "rollout" ? "open" : "closed";
    this.slider.value = String(rollout);
    this.showWanted(stage === "rollout" ? percent(rollout) : "–");
    const own = Object.entries(repository.rolloutByOperation).map(([read, share]) => `${read} ${percent(share)}`);
    this.part(".by-operation").hidden = own.length === 0;
    setText(this.part(".by-operation"), `${own.join(", ")}; the slider sets all reads alike`);
  }

  showWanted(text) {
    setText(this.part(".wanted-value"), text);
    this.slider.setAttribute("aria-valuetext", text);
  }

  slide() {
    this.moving = true;
    this.showWanted(percent(Number(this.slider.value)));
  }

  /** A stage that is closed stays in the list, because an operator who looks for it should see that it is there. */
  showStages(accepted, current) {
    const next = `${accepted.join()} ${current}`;
    if (this.stages !== next && document.activeElement !== this.stage) {
      this.stages = next;
      this.stage.replaceChildren(
        ...STAGES.map((stage) => {
          const option = new Option(stage, stage);
          option.disabled = !accepted.includes(stage) && stage !== current;
          return option;
        }),
      );
    }
    this.stage.value = current;
  }

  showMeasured({ measuredRollout, rollout, stage, rolloutByOperation }) {
    const meter = this.part(".meter");
    const idle = measuredRollout === null;
    const single = stage === "rollout" && Object.keys(rolloutByOperation).length === 0;
    meter.classList.toggle("idle", idle);
    this.part(".meter-target").style.width = `${measuredRollout ?? 0}%`;
    this.part(".meter-wanted").hidden = !single;
    this.part(".meter-wanted").style.left = `${rollout}%`;
    const text = idle ? "no reads" : percent(Math.round(measuredRollout * 10) / 10);
    this.part(".measured-value").classList.toggle("muted", idle);
    setText(this.part(".measured-value"), text);
    meter.setAttribute("aria-label", idle ? "No reads in the last minute" : `${text} of the reads were on the target`);
  }

  showCalls({ legacy, target }) {
    const onLegacy = legacy.reads + legacy.writes;
    const onTarget = target.reads + target.writes;
    const cell = this.part(".calls");
    const next = `${onLegacy} ${onTarget}`;
    if (this.calls !== next) {
      this.calls = next;
      const split = `${numbers.format(onLegacy)} legacy, ${numbers.format(onTarget)} target`;
      cell.replaceChildren(numbers.format(onLegacy + onTarget), element("small", "", split));
    }
  }

  async change(wanted) {
    this.busy = true;
    this.line.classList.add("busy");
    this.complain("");
    try {
      const now = await api(`/api/repositories/${encodeURIComponent(this.name)}`, {
        method: "PATCH",
        headers: { "content-type": "application/json", "if-match": `"${this.epoch}"` },
        body: JSON.stringify(wanted),
      });
      this.shown = now;
      this.epoch = now.epoch;
    } catch (problem) {
      if (problem.status === 401) {
        showLogin("The session has ended. Sign in again.");
        return;
      }
      this.complain(explain(problem));
    } finally {
      changes += 1;
      this.busy = false;
      this.moving = false;
      this.line.classList.remove("busy");
    }
    this.stages = "";
    this.show(this.shown, this.epoch);
    poll();
  }

  complain(text) {
    setText(this.message, text);
    this.problem.hidden = !text;
  }
}

byId("login-form").addEventListener("submit", signIn);
byId("sign-out").addEventListener("click", signOut);
byId("filter").addEventListener("input", applyFilter);
byId("retry-all").addEventListener("click", () => decide("/api/dead-letters/retry"));
document.addEventListener("visibilitychange", () => operator && poll());

resume();
