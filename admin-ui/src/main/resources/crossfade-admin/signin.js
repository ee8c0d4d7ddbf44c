// Who is at the page: one token, shown once, opens a session in a cookie.

import { api, explain, session } from "./api.js";
import { byId, setText } from "./dom.js";

let opened = () => {};
let closed = () => {};

/** Goes on where a session of this browser is still open. */
export async function prepareSignIn(onOpen, onClose) {
  [opened, closed] = [onOpen, onClose];
  session.ended = showLogin;
  byId("login-form").addEventListener("submit", signIn);
  byId("sign-out").addEventListener("click", signOut);
  try {
    enter(await api("/api/session"));
  } catch (problem) {
    showLogin(problem.status === 401 ? "" : explain(problem));
  }
}

function enter(operator) {
  session.operator = operator;
  document.body.dataset.role = operator.role;
  setText(byId("operator"), operator.name);
  setText(byId("role"), operator.role);
  show(true);
  opened();
}

export function showLogin(error = "") {
  session.operator = null;
  closed();
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
  show(false);
  setText(byId("login-error"), error);
  byId("token").value = "";
  byId("token").focus();
}

function show(inside) {
  byId("login").hidden = inside;
  document.querySelectorAll(".inside").forEach((part) => (part.hidden = !inside));
}

async function signIn(event) {
  event.preventDefault();
  setText(byId("login-error"), "");
  try {
    const token = byId("token").value.trim();
    enter(await api("/api/session", { method: "POST", body: { token } }));
    byId("token").value = "";
  } catch (problem) {
    const unknown = problem.status === 401;
    setText(byId("login-error"), unknown ? "No operator of this proxy has this token." : explain(problem));
  }
}

async function signOut() {
  const ended = api("/api/session", { method: "DELETE" });
  showLogin();
  await ended.catch(() => showLogin("The proxy does not answer: the session ends by itself after twelve hours."));
}
