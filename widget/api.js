/**
 * The chat API as the widget uses it: one conversation, messages that are sent once, events without gap.
 * @typedef {{id: string, title: string}} Choice
 * @typedef {{seq: number, type: string, from?: string, at: string, text?: string, choices?: Choice[],
 *   links?: {title: string, url: string}[], table?: {caption: string, columns: string[], rows: string[][]},
 *   image?: {url: string, alt: string}, state?: string, until?: string, in_reply_to?: number}} ChatEvent
 * @typedef {{client_id: string, text?: string, choice?: string}} Outgoing
 */

const KEY = "mojbok-chat";
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15000;

/** A refusal of the server; the message is a sentence for the customer. */
export class Refused extends Error {
  /** @param {number} status @param {string} detail */
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export class Conversation {
  /** @param {string} base  where the API is, without a slash at the end */
  constructor(base) {
    this.base = `${base}/api/chat/conversations`;
    this.seq = 0;
    this.ended = false;
    const kept = sessionStorage.getItem(KEY);
    /** @type {{id: string, token: string} | null} */
    this.kept = kept ? JSON.parse(kept) : null;
  }

  /** Opens a conversation, unless this tab has one. */
  async open() {
    if (this.kept) return;
    const body = await this.#call("POST", "", {});
    this.kept = { id: body.conversation, token: body.token };
    sessionStorage.setItem(KEY, JSON.stringify(this.kept));
  }

  forget() {
    sessionStorage.removeItem(KEY);
    this.kept = null;
    this.ended = true;
  }

  async end() {
    try {
      await this.#call("DELETE", `/${this.kept?.id}`);
    } finally {
      this.forget();
    }
  }

  /**
   * Sends until it is accepted; the client's id makes a repetition harmless.
   * @param {Outgoing} message @param {() => void} onWaiting  called when it has to wait
   */
  async send(message, onWaiting) {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#call("POST", `/${this.kept?.id}/messages`, message);
      } catch (error) {
        const final = error instanceof Refused && error.status < 500 && error.status !== 429;
        if (final || this.ended) throw error;
        onWaiting();
        await pause(attempt);
      }
    }
  }

  /**
   * Tells each event once, in order, until the conversation is over.
   * @param {(event: ChatEvent) => void} onEvent @param {(online: boolean) => void} onLine
   */
  async follow(onEvent, onLine) {
    for (let attempt = 0; !this.ended; attempt++) {
      try {
        await this.#stream((event) => {
          attempt = 0;
          onLine(true);
          onEvent(event);
        });
      } catch (error) {
        if (error instanceof Refused && error.status === 404) {
          this.forget();
          onEvent({ seq: this.seq, type: "closed", at: "" });
          return;
        }
        onLine(false);
      }
      if (!this.ended) await pause(attempt);
    }
  }

  /** @param {(event: ChatEvent) => void} onEvent */
  async #stream(onEvent) {
    const headers = { Accept: "text/event-stream", "Last-Event-ID": String(this.seq), ...this.#authorization() };
    const answer = await fetch(`${this.base}/${this.kept?.id}/events`, { headers });
    if (!answer.ok || !answer.body) throw await refusal(answer);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let rest = ""; ; ) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) this.#take(block, onEvent);
    }
  }

  /** @param {string} block @param {(event: ChatEvent) => void} onEvent */
  #take(block, onEvent) {
    const line = block.split("\n").find((part) => part.startsWith("data: "));
    if (!line) return;
    const event = JSON.parse(line.slice("data: ".length));
    if (event.seq !== undefined) {
      if (event.seq <= this.seq) return;
      this.seq = event.seq;
    }
    if (event.type === "closed") this.forget();
    onEvent(event);
  }

  #authorization() {
    return this.kept ? { Authorization: `Bearer ${this.kept.token}` } : {};
  }

  /** @param {string} method @param {string} path @param {object} [body] */
  async #call(method, path, body) {
    const headers = { "Content-Type": "application/json", ...this.#authorization() };
    const answer = await fetch(this.base + path, { method, headers, body: body && JSON.stringify(body) });
    if (!answer.ok) throw await refusal(answer);
    return answer.status === 204 ? {} : answer.json();
  }
}

/** @param {Response} answer */
async function refusal(answer) {
  const problem = await answer.json().catch(() => ({}));
  return new Refused(answer.status, problem.detail ?? "");
}

/** Waits longer after each failure, not quite the same for everybody. @param {number} attempt */
function pause(attempt) {
  const length = Math.min(FIRST_PAUSE * 2 ** attempt, LONGEST_PAUSE) * (0.7 + Math.random() * 0.6);
  return new Promise((resolve) => setTimeout(resolve, length));
}
