// What happens, as the proxy tells it. Numbers are live only while it does.

import { api } from "./api.js";

const EVENTS = ["status", "state", "work", "mismatches"];
// A status comes each second.
const SILENCE_MILLIS = 3_500;
const REOPEN_MILLIS = 10_000;

export class Feed {
  #source = null;
  #timer = 0;
  #heardAt = 0;
  #openedAt = 0;
  #listener;

  /** The listener has told(event, data), live(), lost(sinceMillis) and refused(problem). */
  constructor(listener) {
    this.#listener = listener;
  }

  open() {
    this.close();
    this.#heardAt = 0;
    this.#timer = setInterval(() => this.#watch(), 500);
    this.#connect();
  }

  close() {
    clearInterval(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #connect() {
    this.#source?.close();
    this.#openedAt = Date.now();
    const source = new EventSource("/api/events");
    this.#source = source;
    for (const event of EVENTS) {
      source.addEventListener(event, (message) => this.#told(event, JSON.parse(message.data)));
    }
    source.addEventListener("error", () => this.#broken(source));
  }

  #told(event, data) {
    if (event === "status") {
      this.#heardAt = Date.now();
      this.#listener.live();
    }
    this.#listener.told(event, data);
  }

  /** A browser tries again by itself where there was no answer at all, but not where there was a wrong one. */
  async #broken(source) {
    this.#lost();
    if (source.readyState !== EventSource.CLOSED) {
      return;
    }
    try {
      await api("/api/session");
    } catch (problem) {
      if (source === this.#source && problem.status === 401) {
        this.#listener.refused();
      }
    }
  }

  #watch() {
    const now = Date.now();
    if (now - this.#heardAt < SILENCE_MILLIS) {
      return;
    }
    this.#lost();
    if (now - Math.max(this.#heardAt, this.#openedAt) > REOPEN_MILLIS
        || (this.#source.readyState === EventSource.CLOSED && now - this.#openedAt > 2_000)) {
      this.#connect();
    }
  }

  #lost() {
    this.#listener.lost(this.#heardAt);
  }
}
