// What every part of the page draws with.

export const byId = (id) => document.getElementById(id);

/** Touches the page only where something differs, or a screen reader would repeat it every second. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

export function element(tag, className = "", text = "", ...children) {
  const made = document.createElement(tag);
  if (className) {
    made.className = className;
  }
  made.textContent = text;
  made.append(...children);
  return made;
}

export function button(text, className, pressed) {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", pressed);
  return made;
}

const drawn = new WeakMap();

/** Draws anew only what has changed, and leaves the focus where it was. */
export function redraw(parent, shown, draw) {
  const next = JSON.stringify(shown);
  if (drawn.get(parent) === next) {
    return;
  }
  drawn.set(parent, next);
  const focused = parent.contains(document.activeElement) ? document.activeElement.id : "";
  parent.replaceChildren(...draw(shown));
  if (focused) {
    byId(focused)?.focus();
  }
}

const numbers = new Intl.NumberFormat("en", { maximumFractionDigits: 2 });

export const number = (value) => numbers.format(value);
export const percent = (share) => `${numbers.format(share)} %`;
export const time = (at) => new Date(at).toLocaleTimeString("en-GB");
export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

/** For steps and holds, where a millisecond counts. */
export function millis(value) {
  if (value >= 10_000) return `${(value / 1_000).toFixed(1)} s`;
  if (value >= 1_000) return `${(value / 1_000).toFixed(2)} s`;
  return value >= 10 ? `${Math.round(value)} ms` : `${value.toFixed(1)} ms`;
}

/** For ages, where it does not. */
export function duration(seconds) {
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor(seconds / 3_600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  if (minutes > 0) return `${minutes} min`;
  return `${Math.floor(seconds)} s`;
}

/** When something was, as shortly as it stays clear. */
export function when(at) {
  const date = new Date(at);
  const today = date.toDateString() === new Date().toDateString();
  return today ? time(at) : date.toLocaleString("en-GB", { dateStyle: "medium", timeStyle: "short" });
}
