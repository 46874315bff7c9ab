/** The events of a conversation, each once and in order, through lost connections and servers that start again. */
import { PATIENCE, isOver, pause } from "./api.js";

/** Milliseconds of silence after which a stream is taken for dead; the server's heartbeat comes every 15 s. */
const SILENCE = 25000;
const LONG_POLL = 25;
/** Streams in a row that bring nothing, after which long polls serve. */
const ENOUGH = 3;

/**
 * @typedef {object} Listener
 * @property {(event: import("./api.js").ChatEvent, isHistory: boolean) => void} onEvent
 * @property {(error?: unknown) => void} onLine  with the error where the line does not hold
 * @property {() => void} onOver
 */

export class Feed {
  #stop = new AbortController();
  /** Aborted, and made anew, when what is being asked for is given up. */
  #call = new AbortController();
  #seq = 0;
  #fruitless = 0;
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
    const { signal } = this.#stop;
    window.addEventListener("offline", () => this.#call.abort(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.#call.abort(), { signal });
    for (let attempt = 0; !signal.aborted; attempt++) {
      /** @type {unknown} */
      let failure;
      try {
        await this.#seen();
        this.#call = new AbortController();
        if (await this.#conversation.open()) this.#isHistory = false;
        await this.#poll(0);
        this.#isHistory = false;
        this.#listener.onLine();
        if (this.#fruitless < ENOUGH) failure = await this.#stream();
        else await this.#poll(LONG_POLL);
        attempt = this.#fruitless % ENOUGH;
      } catch (error) {
        if (signal.aborted) return;
        if (isOver(error)) return this.#listener.onOver();
        if (!document.hidden) this.#listener.onLine(error);
        failure = error;
      }
      await pause(attempt, failure);
    }
  }

  stop() {
    this.#stop.abort();
    this.#call.abort();
  }

  /** A hidden tab asks for nothing: a browser has six connections to a server, for all tabs together. */
  async #seen() {
    const { signal } = this.#stop;
    while (document.hidden) {
      await new Promise((resolve) => document.addEventListener("visibilitychange", resolve, { once: true, signal }));
    }
  }

  /** @param {number} wait  seconds */
  async #poll(wait) {
    const call = this.#call;
    const timer = setTimeout(() => call.abort(), (wait + PATIENCE) * 1000);
    try {
      for (const event of await this.#conversation.events(this.#seq, wait, call.signal)) this.#take(event);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads until the stream ends. Gives back how it failed: whether the line holds is told by the next poll. */
  async #stream() {
    const call = this.#call;
    let [isAlive, isSilent] = [false, false];
    const silent = () => {
      isSilent = true;
      call.abort();
    };
    let timer = setTimeout(silent, SILENCE);
    try {
      const answer = await this.#conversation.stream(this.#seq, call.signal);
      const reader = /** @type {ReadableStream<BufferSource>} */ (answer.body)
        .pipeThrough(new TextDecoderStream())
        .getReader();
      for (let rest = ""; ; ) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(timer);
        timer = setTimeout(silent, SILENCE);
        const blocks = (rest + value).split("\n\n");
        rest = blocks.pop() ?? "";
        isAlive ||= blocks.length > 0;
        blocks.forEach((block) => this.#read(block));
      }
    } catch (error) {
      if (isOver(error)) throw error;
      return error;
    } finally {
      clearTimeout(timer);
      this.#count(isAlive, isSilent, call.signal.aborted);
    }
  }

  /**
   * Where streams bring nothing, long polls serve: at once where one is held back on its way. One that was given up
   * says nothing of that.
   * @param {boolean} isAlive @param {boolean} isSilent @param {boolean} isGivenUp
   */
  #count(isAlive, isSilent, isGivenUp) {
    if (isAlive) this.#fruitless = 0;
    else if (isSilent) this.#fruitless = ENOUGH;
    else if (!isGivenUp) this.#fruitless++;
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
