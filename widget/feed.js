/** The events of a conversation, each once and in order, through lost connections and servers that start again. */
import { isOver, pause } from "./api.js";

/** Milliseconds of silence after which a stream is taken for dead; the server's heartbeat comes every 15 s. */
const SILENCE = 25000;
const LONG_POLL = 25;

/**
 * @typedef {object} Listener
 * @property {(event: import("./api.js").ChatEvent, isHistory: boolean) => void} onEvent
 * @property {(online: boolean) => void} onLine
 * @property {() => void} onOver
 */

export class Feed {
  #stop = new AbortController();
  /** Aborted, and made anew, when the browser says that the network is gone. */
  #lost = new AbortController();
  #seq = 0;
  #streams = true;
  #isHistory = true;
  #conversation;
  #listener;

  /** @param {import("./api.js").Conversation} conversation @param {Listener} listener */
  constructor(conversation, listener) {
    this.#conversation = conversation;
    this.#listener = listener;
  }

  /** Follows the conversation, opening it first if need be, until it is over or stopped. */
  async run() {
    window.addEventListener("offline", () => this.#lose(), { signal: this.#stop.signal });
    for (let attempt = 0; !this.#stop.signal.aborted; attempt++) {
      try {
        if (await this.#conversation.open()) this.#isHistory = false;
        await this.#poll(0);
        this.#isHistory = false;
        attempt = 0;
        this.#listener.onLine(true);
        await (this.#streams ? this.#stream() : this.#poll(LONG_POLL));
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (isOver(error)) return this.#listener.onOver();
        this.#listener.onLine(false);
      }
      await pause(attempt);
    }
  }

  stop() {
    this.#stop.abort();
  }

  #lose() {
    this.#lost.abort();
    this.#lost = new AbortController();
  }

  #signal() {
    return AbortSignal.any([this.#stop.signal, this.#lost.signal]);
  }

  /** @param {number} wait  seconds */
  async #poll(wait) {
    for (const event of await this.#conversation.events(this.#seq, wait, this.#signal())) this.#take(event);
  }

  /** Reads until the stream ends. One that brings nothing at all is held back on its way: then long polls serve. */
  async #stream() {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(), SILENCE);
    let alive = false;
    try {
      const answer = await this.#conversation.stream(this.#seq, AbortSignal.any([this.#signal(), silence.signal]));
      const reader = /** @type {ReadableStream<BufferSource>} */ (answer.body)
        .pipeThrough(new TextDecoderStream())
        .getReader();
      for (let rest = ""; ; ) {
        const { value, done } = await reader.read();
        if (done) return;
        alive = true;
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(), SILENCE);
        const blocks = (rest + value).split("\n\n");
        rest = blocks.pop() ?? "";
        blocks.forEach((block) => this.#read(block));
      }
    } catch (error) {
      if (alive || !silence.signal.aborted) throw error;
      this.#streams = false;
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param {string} block */
  #read(block) {
    const data = block.split("\n").find((line) => line.startsWith("data:"));
    if (data) this.#take(JSON.parse(data.slice("data:".length)));
  }

  /** @param {import("./api.js").ChatEvent} event */
  #take(event) {
    // `typing` has no seq: what is unanswered is known from the messages themselves.
    if (this.#stop.signal.aborted || !(event.seq > this.#seq)) return;
    this.#seq = event.seq;
    if (event.type === "closed") this.#listener.onOver();
    else this.#listener.onEvent(event, this.#isHistory);
  }
}
