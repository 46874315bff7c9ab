/**
 * The calls of the chat API for the one conversation of this tab, which it shares with other open tabs.
 * @typedef {{id: string, title: string}} Choice
 * @typedef {{seq: number, type: string, from?: string, at: string, text?: string, choices?: Choice[],
 *   links?: {title: string, url: string}[], table?: {caption: string, columns: string[], rows: string[][]},
 *   image?: {url: string, alt: string}, name?: string, state?: string, until?: string,
 *   in_reply_to?: number}} ChatEvent
 * @typedef {{client_id: string, text?: string, choice?: string}} Outgoing
 */

const KEY = "mojbok-chat";
/** Where the outbox waits. */
export const OUTBOX = "mojbok-outbox";
/** Seconds that a call may take beyond the time it was asked to wait. */
const PATIENCE = 15;
/** Milliseconds in which another tab hands its conversation over. */
const HANDOVER = 100;
/** Seconds that a file may take on its way. */
const UPLOAD = 300;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15000;

/** A refusal of the server; the message is a sentence for the customer. */
export class Refused extends Error {
  /** @param {number} status @param {string} detail @param {number} retryAfter  seconds */
  constructor(status, detail, retryAfter) {
    super(detail);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Whether the same call would be refused again. */
  get final() {
    return this.status < 500 && this.status !== 408 && this.status !== 429;
  }
}

/** Whether the server says that the conversation is no more. @param {unknown} error */
export function isOver(error) {
  return error instanceof Refused && error.status === 404;
}

/** @typedef {{id: string, token: string, session: string}} Kept */

export class Conversation {
  /** @type {Kept | null} */
  #kept = null;
  /** Where other tabs ask for it. @type {BroadcastChannel | null} */
  #channel = null;
  /** @type {Promise<boolean> | null} */
  #opening = null;
  #base;
  #session;

  /**
   * @param {string} server  its address, without a slash at the end
   * @param {string} session  the mark of who is signed in on the page; a conversation of another mark is left alone
   */
  constructor(server, session) {
    this.#base = `${server}/api/chat/conversations`;
    this.#session = session;
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    if (kept?.session === session) this.#keep(kept);
    else this.forget();
  }

  /** Opens a conversation, unless this tab or another has one; tells whether it did. Asked twice at once it opens one. */
  async open() {
    if (this.#kept) return false;
    this.#opening ??= this.#begin().finally(() => (this.#opening = null));
    return this.#opening;
  }

  async #begin() {
    const kept = await this.#fromOtherTab();
    if (kept) {
      this.#keep(kept);
      return false;
    }
    const body = await (await this.#call("POST", "", { body: {} })).json();
    this.#keep({ id: body.conversation, token: body.token, session: this.#session });
    return true;
  }

  /** @returns {Promise<Kept | null>} */
  #fromOtherTab() {
    return new Promise((resolve) => {
      const ears = new BroadcastChannel(KEY);
      ears.addEventListener("message", ({ data }) => data.kept?.session === this.#session && resolve(data.kept));
      ears.postMessage({ wanted: this.#session });
      setTimeout(() => {
        ears.close();
        resolve(null);
      }, HANDOVER);
    });
  }

  /** @param {Kept} kept */
  #keep(kept) {
    this.#kept = kept;
    sessionStorage.setItem(KEY, JSON.stringify(kept));
    this.#channel = new BroadcastChannel(KEY);
    this.#channel.addEventListener("message", ({ data }) => {
      if (data.wanted === kept.session) this.#channel?.postMessage({ kept });
    });
  }

  /** @param {Outgoing} message @returns {Promise<number>} its seq */
  async say(message) {
    await this.open();
    return (await (await this.#call("POST", "/messages", { body: message })).json()).seq;
  }

  /** @param {File} file */
  async attach(file) {
    await this.open();
    const form = new FormData();
    form.append("client_id", crypto.randomUUID());
    form.append("file", file);
    await this.#call("POST", "/attachments", { form, signal: AbortSignal.timeout(UPLOAD * 1000) });
  }

  /**
   * What happened after a seq; with `wait` it holds until something happens, or for so many seconds.
   * @param {number} after @param {number} wait @param {AbortSignal} stop @returns {Promise<ChatEvent[]>}
   */
  async events(after, wait, stop) {
    const path = `/events?after=${after}&wait=${wait}&hold=${wait > 0}`;
    const signal = AbortSignal.any([stop, AbortSignal.timeout((wait + PATIENCE) * 1000)]);
    return (await (await this.#call("GET", path, { signal })).json()).events;
  }

  /** The stream of what happens after a seq. @param {number} after @param {AbortSignal} signal */
  stream(after, signal) {
    return this.#call("GET", "/events", {
      headers: { Accept: "text/event-stream", "Last-Event-ID": String(after) },
      signal,
    });
  }

  /** @param {number} seq  of a message of the assistant @param {"up" | "down"} score @param {string} comment */
  async rate(seq, score, comment) {
    await this.#call("POST", "/feedback", { body: comment ? { seq, score, comment } : { seq, score } });
  }

  /** Ends it on the server and here. */
  async end() {
    await this.#call("DELETE", "").catch((error) => {
      if (!isOver(error)) throw error;
    });
    this.forget();
  }

  /** Drops the conversation, and with it what was still to be said in it. */
  forget() {
    sessionStorage.removeItem(KEY);
    sessionStorage.removeItem(OUTBOX);
    this.#kept = null;
    this.leave();
  }

  /** Hands it over to no other tab any more. */
  leave() {
    this.#channel?.close();
  }

  /**
   * @param {string} method @param {string} path  below the conversation
   * @param {{body?: object, form?: FormData, headers?: Record<string, string>, signal?: AbortSignal}} options
   */
  async #call(method, path, { body, form, headers = {}, signal = AbortSignal.timeout(PATIENCE * 1000) } = {}) {
    const sent = new Headers(headers);
    if (body) sent.set("Content-Type", "application/json");
    if (this.#kept) sent.set("Authorization", `Bearer ${this.#kept.token}`);
    const address = this.#kept ? `${this.#base}/${this.#kept.id}${path}` : this.#base;
    // Only a page that says who is signed in lets the server see the cookie.
    const credentials = this.#session ? "same-origin" : "omit";
    const answer = await fetch(address, { method, headers: sent, body: form ?? (body && JSON.stringify(body)), signal, credentials });
    if (answer.ok) return answer;
    const problem = await answer.json().catch(() => ({}));
    throw new Refused(answer.status, problem.detail ?? "", Number(answer.headers.get("Retry-After")) || 0);
  }
}

/**
 * Waits longer after each failure, not quite the same for everybody, and no longer once the network is back.
 * @param {number} attempt @param {number} least  seconds
 * @returns {Promise<void>}
 */
export function pause(attempt, least = 0) {
  const length = Math.min(FIRST_PAUSE * 2 ** attempt, LONGEST_PAUSE) * (0.7 + Math.random() * 0.6);
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(length, least * 1000));
    if (!least) window.addEventListener("online", () => resolve(), { once: true });
  });
}
