/** What the customer said and the server has not accepted yet: sent in order, each once, kept over a reload. */
import { newId, pause, Refused } from "./api.js";
import { read, write } from "./storage.js";

const KEY = "mojbok-outbox";

/**
 * @typedef {{message: import("./api.js").Outgoing, words: string}} Waiting
 * @typedef {object} Listener
 * @property {(waiting: Waiting, error: unknown) => void} onWaiting
 * @property {(waiting: Waiting, seq: number) => void} onAccepted
 * @property {(waiting: Waiting, error: Refused) => void} onRefused
 */

export class Outbox {
  /** @type {Waiting[]} */
  #queue = [];
  #busy = false;
  #conversation;
  #listener;

  /** @param {import("./api.js").Conversation} conversation @param {Listener} listener */
  constructor(conversation, listener) {
    this.#conversation = conversation;
    this.#listener = listener;
    const kept = read(KEY);
    // What somebody else wanted to say, who was or was not signed in, is not said for this one.
    const mine = kept?.session === conversation.session && Array.isArray(kept.queue) ? kept.queue : [];
    this.#keep(mine.filter(isWaiting));
  }

  /** @returns {readonly Waiting[]} */
  get waiting() {
    return this.#queue;
  }

  /** @param {{text: string} | {choice: string}} said @param {string} words  as the customer sees it */
  add(said, words) {
    const waiting = { message: { client_id: newId(), ...said }, words };
    this.#keep([...this.#queue, waiting]);
    return waiting;
  }

  /** Sends what waits; the client's id makes it harmless to send again what may have arrived. */
  async flush() {
    if (this.#busy) return;
    this.#busy = true;
    for (let attempt = 0; this.#queue[0]; attempt++) {
      const first = this.#queue[0];
      try {
        const seq = await this.#conversation.say(first.message);
        // Cleared meanwhile, with another conversation in its place.
        if (!this.#queue.includes(first)) continue;
        this.#drop(first);
        this.#listener.onAccepted(first, seq);
        attempt = -1;
      } catch (error) {
        // The conversation ended meanwhile.
        if (!this.#queue.includes(first)) continue;
        if (error instanceof Refused && error.final) {
          this.#drop(first);
          this.#listener.onRefused(first, error);
        } else {
          this.#listener.onWaiting(first, error);
          await pause(attempt, error);
        }
      }
    }
    this.#busy = false;
  }

  clear() {
    this.#keep([]);
  }

  /** @param {Waiting} waiting */
  #drop(waiting) {
    this.#keep(this.#queue.filter((other) => other !== waiting));
  }

  /** @param {Waiting[]} queue */
  #keep(queue) {
    this.#queue = queue;
    write(KEY, queue.length ? { session: this.#conversation.session, queue } : null);
  }
}

/** @param {any} kept */
function isWaiting(kept) {
  return typeof kept?.words === "string" && typeof kept.message?.client_id === "string";
}
