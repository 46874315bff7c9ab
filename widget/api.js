/**
 * The calls of the chat API for the one conversation of this tab, which it shares with other open tabs.
 * @typedef {{id: string, title: string}} Choice
 * @typedef {{caption: string, columns: string[], rows: string[][]}} Table
 * @typedef {{seq: number, type: string, from?: string, at: string, text?: string, choices?: Choice[],
 *   links?: {title: string, url: string}[], table?: Table,
 *   image?: {url: string, alt: string}, name?: string, state?: string, until?: string,
 *   in_reply_to?: number}} ChatEvent
 * @typedef {{client_id: string, text?: string, choice?: string}} Outgoing
 */
import { read, write } from "./storage.js";

const KEY = "mojbok-chat";
/** Seconds that a call may take beyond the time it was asked to wait. */
export const PATIENCE = 15;
/** Milliseconds in which another tab hands its conversation over. */
const HANDOVER = 100;
/** Seconds that a file may take on its way. */
const UPLOAD = 300;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15000;
const JSON_TYPE = "application/json";
/** The status of an answer that is none of our server's. */
const BAD_GATEWAY = 502;

/** A refusal of the server; the message is a Polish sentence for the customer, empty where it is not our server's. */
export class Refused extends Error {
  /** @param {number} status @param {string} [detail] @param {number} [retryAfter]  seconds */
  constructor(status, detail = "", retryAfter = 0) {
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

/** A UUID. `crypto.randomUUID` is missing where the page did not come over https. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
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

  /**
   * @param {string} server  its address, without a slash at the end
   * @param {string} session  the mark of who is signed in on the page; a conversation of another mark is left alone
   */
  constructor(server, session) {
    this.#base = `${server}/api/chat/conversations`;
    this.session = session;
    const kept = read(KEY);
    if (this.#isMine(kept)) this.#keep(kept);
    else this.forget();
  }

  /** Opens a conversation, unless this tab or another has one; tells whether it did. Asked twice at once it opens one. */
  async open() {
    if (this.#kept) return false;
    this.#opening ??= this.#alone().finally(() => (this.#opening = null));
    return this.#opening;
  }

  /** Begins while no other tab does, if the browser knows: of two that open at once the second takes the first's. */
  async #alone() {
    /** @type {Promise<boolean> | undefined} */
    let begun;
    const begin = () => (begun ??= this.#begin());
    // A browser that forbids storage forbids locks too.
    await navigator.locks?.request(KEY, begin).catch(() => {});
    return begin();
  }

  async #begin() {
    const kept = await this.#fromOtherTab();
    if (kept) {
      this.#keep(kept);
      return false;
    }
    const { conversation, token } = await this.#read("token", "POST", "", { body: {} });
    this.#keep({ id: conversation, token, session: this.session });
    return true;
  }

  /** @returns {Promise<Kept | null>} */
  #fromOtherTab() {
    return new Promise((resolve) => {
      const ears = channel(({ kept }) => this.#isMine(kept) && resolve(kept));
      ears?.postMessage({ wanted: this.session });
      setTimeout(() => {
        ears?.close();
        resolve(null);
      }, HANDOVER);
    });
  }

  /** Whether it can be the conversation of whoever is signed in on the page. @param {any} kept @returns {kept is Kept} */
  #isMine(kept) {
    const words = [kept?.id, kept?.token];
    return kept?.session === this.session && words.every((word) => typeof word === "string" && /^[\w-]+$/.test(word));
  }

  /** @param {Kept} kept */
  #keep(kept) {
    this.#kept = kept;
    write(KEY, kept);
    this.#channel = channel(({ wanted }) => wanted === kept.session && this.#channel?.postMessage({ kept }));
  }

  /** @param {Outgoing} message @returns {Promise<number>} its seq */
  async say(message) {
    await this.open();
    return (await this.#read("seq", "POST", "/messages", { body: message })).seq;
  }

  /** @param {File} file */
  async attach(file) {
    await this.open();
    const form = new FormData();
    form.append("client_id", newId());
    form.append("file", file);
    await this.#read("seq", "POST", "/attachments", { form, signal: AbortSignal.timeout(UPLOAD * 1000) });
  }

  /**
   * What happened after a seq; with `wait` it holds until something happens, or for so many seconds.
   * @param {number} after @param {number} wait @param {AbortSignal} signal @returns {Promise<ChatEvent[]>}
   */
  async events(after, wait, signal) {
    const path = `/events?after=${after}&wait=${wait}&hold=${wait > 0}`;
    return (await this.#read("events", "GET", path, { signal })).events;
  }

  /** The stream of what happens after a seq. @param {number} after @param {AbortSignal} signal */
  stream(after, signal) {
    const kind = "text/event-stream";
    return this.#call("GET", "/events", kind, { headers: { Accept: kind, "Last-Event-ID": String(after) }, signal });
  }

  /** @param {number} seq  of a message of the assistant @param {"up" | "down"} score @param {string} comment */
  async rate(seq, score, comment) {
    await this.#call("POST", "/feedback", "", { body: comment ? { seq, score, comment } : { seq, score } });
  }

  /** Ends it on the server and here. */
  async end() {
    await this.#call("DELETE", "", "").catch((error) => {
      if (!isOver(error)) throw error;
    });
    this.forget();
  }

  forget() {
    write(KEY, null);
    this.#kept = null;
    this.leave();
  }

  /** Hands it over to no other tab any more. */
  leave() {
    this.#channel?.close();
  }

  /**
   * What the server answers, if it is an answer of ours.
   * @param {string} name  of a value that is in it @param {string} method @param {string} path
   * @param {CallOptions} options @returns {Promise<any>}
   */
  async #read(name, method, path, options) {
    const answer = await this.#call(method, path, JSON_TYPE, options);
    const body = await answer.json().catch(() => null);
    if (!body?.[name]) throw new Refused(BAD_GATEWAY);
    return body;
  }

  /**
   * @typedef {{body?: object, form?: FormData, headers?: Record<string, string>, signal?: AbortSignal}} CallOptions
   * @param {string} method @param {string} path  below the conversation
   * @param {string} kind  what the answer has to be, nothing at all where it is empty @param {CallOptions} options
   */
  async #call(method, path, kind, { body, form, headers = {}, signal = AbortSignal.timeout(PATIENCE * 1000) } = {}) {
    const sent = new Headers(headers);
    if (body) sent.set("Content-Type", JSON_TYPE);
    if (this.#kept) sent.set("Authorization", `Bearer ${this.#kept.token}`);
    const address = this.#kept ? `${this.#base}/${this.#kept.id}${path}` : this.#base;
    // Only a page that says who is signed in lets the server see the cookie.
    const credentials = this.session ? "same-origin" : "omit";
    const answer = await fetch(address, { method, headers: sent, body: form ?? (body && JSON.stringify(body)), signal, credentials });
    const type = answer.headers.get("Content-Type") ?? "";
    if (answer.ok && (kind ? type.startsWith(kind) : answer.status === 204)) return answer;
    throw await refusal(answer, type.startsWith("application/problem+json"));
  }
}

/** @param {Response} answer @param {boolean} isOurs */
async function refusal(answer, isOurs) {
  const { detail } = isOurs ? await answer.json().catch(() => ({})) : {};
  // A gateway or a hotel knows nothing of our conversations.
  const status = answer.ok || (answer.status === 404 && !isOurs) ? BAD_GATEWAY : answer.status;
  return new Refused(status, detail, Number(answer.headers.get("Retry-After")) || 0);
}

/** What tabs of this origin say to one another, where the browser lets them. @param {(data: any) => unknown} onData */
function channel(onData) {
  if (!window.BroadcastChannel) return null;
  const made = new BroadcastChannel(KEY);
  made.addEventListener("message", ({ data }) => onData(data ?? {}));
  return made;
}

/**
 * Waits longer after each failure, not quite the same for everybody, and no longer once the network is back; as long as
 * the server asks in any case.
 * @param {number} attempt @param {unknown} [error] @returns {Promise<void>}
 */
export function pause(attempt, error) {
  const least = error instanceof Refused ? error.retryAfter : 0;
  const length = Math.min(FIRST_PAUSE * 2 ** attempt, LONGEST_PAUSE) * (0.7 + Math.random() * 0.6);
  return new Promise((resolve) => {
    setTimeout(resolve, Math.max(length, least * 1000));
    if (!least) window.addEventListener("online", () => resolve(), { once: true });
  });
}
