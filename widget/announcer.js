/** Says whole messages to screen readers: two polite regions by turns, so that each change is heard as a new one. */
import { node } from "./nodes.js";

const APART = 250;

export class Announcer {
  element = node("div", "unseen");
  #regions = [node("div"), node("div")];
  /** @type {Node[][]} */
  #queue = [];
  #busy = false;

  constructor() {
    for (const region of this.#regions) region.setAttribute("aria-live", "polite");
    this.element.append(...this.#regions);
  }

  /** @param {Node[]} words  of one message, each in its language */
  say(...words) {
    this.#queue.push(words);
    if (!this.#busy) this.#next();
  }

  #next() {
    const words = this.#queue.shift();
    this.#busy = words !== undefined;
    if (!words) return;
    const [spoken, other] = this.#regions;
    spoken.replaceChildren(...words);
    other.textContent = "";
    this.#regions.reverse();
    setTimeout(() => this.#next(), APART);
  }
}
