/**
 * `<mojbok-chat>`: the assistant as an element of a page.
 *
 * Attributes: `open`, `locale` (pl or en), `position` (right or left), `accent`, `greeting`, `context`, and `session` on
 * pages of the portal. Events: `mojbok:open`, `mojbok:close` and `mojbok:message`, which tells who spoke and never what.
 */
export { button, node } from "./nodes.js";
export { speaker } from "./messages.js";
export { strings } from "./strings.js";
import { isDark } from "./colour.js";
import { speak } from "./strings.js";
import { style } from "./style.js";
import { Window } from "./window.js";

class MojbokChat extends HTMLElement {
  /** A page has one conversation, so of several elements one shows it. @type {MojbokChat | null} */
  static #shown = null;
  /** @type {Window | null} */
  #window = null;

  async connectedCallback() {
    MojbokChat.#shown ??= this;
    if (MojbokChat.#shown !== this || this.#window) return;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [style];
    await Promise.all([speak(this.#option("locale")), pause()]);
    if (!this.isConnected || this.#window) return;
    const accent = this.#option("accent");
    if (isDark(accent)) this.style.setProperty("--accent", accent);
    this.#window = new Window(root, {
      session: this.#option("session"),
      greeting: this.#option("greeting"),
      context: this.#option("context"),
      tell: (name, detail) => this.dispatchEvent(new CustomEvent(`mojbok:${name}`, { detail, bubbles: true })),
    });
    await pause();
    if (this.hasAttribute("open")) this.#window?.open(false);
  }

  disconnectedCallback() {
    this.#window?.stop();
    if (MojbokChat.#shown === this) MojbokChat.#shown = null;
  }

  open() {
    this.#window?.open();
  }

  close() {
    this.#window?.close();
  }

  /** @param {string} name */
  #option(name) {
    return this.getAttribute(name) ?? "";
  }
}

/** Lets the page go on: one long task would make it deaf meanwhile. */
function pause() {
  return new Promise((resolve) => setTimeout(resolve));
}

customElements.define("mojbok-chat", MojbokChat);
