/** `<mojbok-chat>`: the assistant as an element of a page. */
import { Conversation, Refused } from "./widget/api.js";
import { message, node } from "./widget/messages.js";
import { strings } from "./widget/strings.js";

const BASE = new URL(".", import.meta.url).href.replace(/\/$/, "");
/** Times are said as the customer's clock in Poland shows them. */
const CLOCK = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit", timeZone: "Europe/Warsaw" });
const STYLE = `${BASE}/widget/style.css`;

class MojbokChat extends HTMLElement {
  /** @type {Conversation | null} */
  #conversation = null;
  /** @type {Map<number, HTMLElement>} */
  #shown = new Map();
  #live = false;

  connectedCallback() {
    if (this.shadowRoot) return;
    const root = this.attachShadow({ mode: "open" });
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = STYLE;
    this.launcher = button("launcher", strings.open);
    this.window = node("section", "window");
    this.window.hidden = true;
    this.window.setAttribute("role", "dialog");
    this.window.setAttribute("aria-label", strings.title);
    this.#build();
    this.announcer = node("div", "unseen");
    this.announcer.setAttribute("aria-live", "polite");
    root.append(style, this.launcher, this.window, this.announcer);
    this.launcher.addEventListener("click", () => this.open());
    this.window.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
  }

  #build() {
    const header = node("header");
    const title = node("h2", "", strings.title);
    title.append(node("span", "subtitle", strings.subtitle));
    const end = button("quiet", strings.end);
    end.setAttribute("aria-label", strings.endLabel);
    const close = button("quiet close", "✕");
    close.setAttribute("aria-label", strings.close);
    header.append(title, end, close);
    this.status = node("p", "status");
    this.status.setAttribute("role", "status");
    this.log = node("ol", "log");
    this.log.setAttribute("aria-label", strings.log);
    this.log.tabIndex = 0;
    this.typing = node("p", "typing", strings.typing);
    this.typing.hidden = true;
    this.composer = /** @type {HTMLFormElement} */ (node("form", "composer"));
    this.text = /** @type {HTMLTextAreaElement} */ (node("textarea"));
    this.text.rows = 1;
    this.text.maxLength = 4000;
    this.text.setAttribute("aria-label", strings.compose);
    const send = button("send", strings.send);
    send.type = "submit";
    this.composer.append(this.text, send);
    this.window.append(header, this.status, this.log, this.typing, this.composer, node("p", "privacy", strings.privacy));
    close.addEventListener("click", () => this.close());
    end.addEventListener("click", () => this.#end());
    this.composer.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#say();
    });
    this.text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.#say();
      }
    });
    this.text.addEventListener("input", () => this.#grow());
  }

  async open() {
    this.window.hidden = false;
    this.launcher.hidden = true;
    this.text.focus();
    if (!this.#conversation) await this.#begin();
  }

  close() {
    this.window.hidden = true;
    this.launcher.hidden = false;
    this.launcher.focus();
  }

  async #begin() {
    const conversation = new Conversation(BASE);
    this.#conversation = conversation;
    this.log.replaceChildren();
    this.#shown.clear();
    this.composer.hidden = false;
    // What is read first is history: only what comes later is announced.
    this.#live = false;
    setTimeout(() => (this.#live = true), 1500);
    try {
      await conversation.open();
      conversation.follow((event) => this.#take(event), (online) => this.#online(online));
    } catch (error) {
      this.#tell(error);
      this.#conversation = null;
    }
  }

  /** @param {import("./api.js").ChatEvent} event */
  #take(event) {
    this.typing.hidden = event.type !== "typing" && !(event.type === "message" && event.from === "customer");
    if (event.type === "message") this.#show(event);
    if (event.type === "identity") this.#identity(event);
    if (event.type === "closed") this.#over();
    this.log.scrollTop = this.log.scrollHeight;
  }

  /** @param {import("./api.js").ChatEvent} event */
  #show(event) {
    const waiting = this.#shown.get(event.seq);
    const item = message(event, (choice) => this.#send({ choice: choice.id }, choice.title));
    if (waiting) waiting.replaceWith(item);
    else this.log.append(item);
    this.#shown.set(event.seq, item);
    if (this.#live && event.from !== "customer") this.announcer.textContent = event.text ?? "";
  }

  /** @param {import("./api.js").ChatEvent} event */
  #identity(event) {
    const until = event.until && new Date(event.until).toLocaleTimeString("pl-PL", CLOCK);
    this.status.textContent = event.state === "confirmed" ? strings.confirmed(until ?? "") : strings.anonymous;
  }

  #say() {
    const text = this.text.value.trim();
    if (!text) return;
    this.text.value = "";
    this.#grow();
    this.#send({ text }, text);
  }

  /** @param {{text?: string, choice?: string}} said @param {string} words */
  async #send(said, words) {
    const conversation = this.#conversation;
    if (!conversation) return;
    const item = message({ seq: 0, type: "message", from: "customer", at: "", text: words }, () => {});
    const note = node("span", "note");
    item.append(note);
    this.log.append(item);
    this.log.scrollTop = this.log.scrollHeight;
    this.text.focus();
    try {
      const id = { client_id: crypto.randomUUID(), ...said };
      const { seq } = await conversation.send(id, () => (note.textContent = strings.waiting));
      note.textContent = "";
      // The stream may have told of the message before the acknowledgement came.
      if (this.#shown.has(seq)) item.remove();
      else this.#shown.set(seq, item);
    } catch (error) {
      note.textContent = strings.refused;
      this.#tell(error);
    }
  }

  async #end() {
    if (!this.#conversation || this.#conversation.ended) return this.close();
    await this.#conversation.end().catch(() => {});
    this.#over();
  }

  #over() {
    if (this.composer.hidden) return;
    this.composer.hidden = true;
    this.typing.hidden = true;
    this.status.textContent = "";
    const item = node("li", "over", strings.over);
    const again = button("choice", strings.again);
    again.addEventListener("click", () => this.#begin().then(() => this.text.focus()));
    item.append(again);
    this.log.append(item);
    again.focus();
  }

  /** @param {boolean} online */
  #online(online) {
    if (!online) this.status.textContent = strings.offline;
    else if (this.status.textContent === strings.offline) this.status.textContent = "";
  }

  /** @param {unknown} error */
  #tell(error) {
    this.status.textContent = (error instanceof Refused && error.message) || strings.failed;
  }

  #grow() {
    this.text.style.height = "auto";
    this.text.style.height = `${Math.min(this.text.scrollHeight, 140)}px`;
  }
}

/** @param {string} className @param {string} words */
function button(className, words) {
  const made = /** @type {HTMLButtonElement} */ (node("button", className, words));
  made.type = "button";
  return made;
}

customElements.define("mojbok-chat", MojbokChat);
