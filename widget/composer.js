/** Where the customer writes: Enter sends, Shift+Enter begins a new line, the field grows with the text. */
import { button, node } from "./nodes.js";
import { strings } from "./strings.js";

/** Whether the style alone makes the field grow, without a look at the whole page for each key. */
const GROWS = CSS.supports("field-sizing", "content");
const FILES = ".pdf,.jpg,.jpeg,.png";

export class Composer {
  element = node("form", "composer");
  #field = node("textarea");
  #onSay;

  /** @param {(text: string) => boolean} onSay  tells whether it is taken @param {(file: File) => void} onFile */
  constructor(onSay, onFile) {
    this.#onSay = onSay;
    this.#field.rows = 1;
    this.#field.setAttribute("aria-label", strings.compose);
    const send = node("button", "send", strings.send);
    const attach = button("attach", strings.attach);
    attach.setAttribute("aria-label", strings.attachLabel);
    const files = node("input");
    files.type = "file";
    files.accept = FILES;
    files.hidden = true;
    attach.addEventListener("click", () => files.click());
    files.addEventListener("change", () => {
      if (files.files?.[0]) onFile(files.files[0]);
      files.value = "";
    });
    this.element.append(attach, files, this.#field, send);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#say();
    });
    this.#field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#say();
    });
    this.#field.addEventListener("input", () => this.#grow());
  }

  focus() {
    this.#field.focus();
  }

  #say() {
    const text = this.#field.value.trim();
    if (text && this.#onSay(text)) {
      this.#field.value = "";
      this.#grow();
    }
    this.focus();
  }

  #grow() {
    if (GROWS) return;
    this.#field.style.height = "auto";
    this.#field.style.height = `${this.#field.scrollHeight + 2}px`;
  }
}
