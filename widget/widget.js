/**
 * `<mojbok-chat>`: the assistant as an element of a page.
 *
 * Attributes: `open`, `locale` (pl or en), `position` (right or left), `accent`, `greeting`, `context`, and `session` on
 * pages of the portal. Events: `mojbok:open`, `mojbok:close` and `mojbok:message`, which tells who spoke and never what.
 */
export { button, node, own } from "./nodes.js";
export { anchor, speaker } from "./messages.js";
export { strings } from "./strings.js";
import { speak } from "./strings.js";
import { style } from "./style.js";
import { Window } from "./window.js";

const NAME = "mojbok-chat";

class MojbokChat extends HTMLElement {
  /** A page has one conversation, so of several elements one shows it. @type {MojbokChat | null} */
  static #shown = null;
  /** @type {Window | null} */
  #window = null;
  /** Whether it was to be opened before there was a window. */
  #isWanted = false;

  async connectedCallback() {
    MojbokChat.#shown ??= this;
    if (MojbokChat.#shown !== this || this.#window) return;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const [sheets] = await Promise.all([this.#sheets(), speak(this.#option("locale")), pause()]);
    if (MojbokChat.#shown !== this || this.#window) return;
    root.adoptedStyleSheets = sheets;
    this.#window = new Window(root, {
      session: this.#option("session"),
      greeting: this.#option("greeting"),
      context: this.#option("context"),
      tell: (name, detail) => this.dispatchEvent(new CustomEvent(`mojbok:${name}`, { detail, bubbles: true })),
    });
    await frame();
    if (this.#isWanted) this.open();
    else if (this.hasAttribute("open")) this.#window?.open(false);
  }

  async disconnectedCallback() {
    this.#window?.stop();
    await pause();
    // One that was only moved goes on.
    if (this.isConnected || MojbokChat.#shown !== this) return;
    MojbokChat.#shown = this.#window = null;
    this.shadowRoot?.replaceChildren();
    const other = document.querySelector(NAME);
    if (other instanceof MojbokChat) other.connectedCallback();
  }

  open() {
    this.#isWanted = !this.#window;
    this.#window?.open();
  }

  close() {
    this.#isWanted = false;
    this.#window?.close();
  }

  /** Ours, and one with the page's colour; ours alone where that one does not come. */
  async #sheets() {
    const colour = this.#option("accent");
    const made = colour && (await import("./colour.js").then(({ accented }) => accented(colour)).catch(() => null));
    return made ? [style, made] : [style];
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

/** Lets what stands be drawn: the first drawing reads fonts and styles, which the window's own is then spared. */
function frame() {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

customElements.define(NAME, MojbokChat);
