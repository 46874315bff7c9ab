/** The conversation as it is seen: messages in order, the customer's own from the moment they are sent. */
import { Announcer } from "./announcer.js";
import { close, message, open, speaker } from "./messages.js";
import { button, dress, later, node, own, polish } from "./nodes.js";
import { strings } from "./strings.js";

/** Pixels left free above the message that an answer belongs to. */
const MARGIN = 12;

export class Log {
  /** The announcer speaks for it: left to itself a log would repeat what is only redrawn. */
  element = node("div", "log");
  announcer = new Announcer();
  #list = node("ol");
  #onChoice;
  /** A message to be shown, and the one that it answers. @type {HTMLElement[]} */
  #next = [];
  /** @type {Map<number, HTMLElement>} */
  #shown = new Map();
  /** @type {Map<string, HTMLElement>} */
  #waiting = new Map();

  /** @param {(choice: import("./api.js").Choice) => void} onChoice */
  constructor(onChoice) {
    this.#onChoice = onChoice;
    this.element.setAttribute("role", "log");
    this.element.setAttribute("aria-live", "off");
    this.element.setAttribute("aria-label", strings.log);
    this.element.tabIndex = 0;
    this.element.append(this.#list);
  }

  clear() {
    this.#list.replaceChildren();
    this.#shown.clear();
    this.#waiting.clear();
  }

  /** @param {import("./api.js").ChatEvent} event  a message @param {boolean} isHistory */
  show(event, isHistory) {
    const item = message(event, this.#onChoice);
    const own = this.#shown.get(event.seq) ?? (isHistory ? undefined : this.#arrived(event));
    if (own) own.replaceWith(item);
    else this.#list.insertBefore(item, [...this.#waiting.values()][0] ?? null);
    this.#shown.set(event.seq, item);
    if (event.from === "customer") this.#closeTaken(event.text ?? "");
    else if (!isHistory) this.announcer.say(...spoken(event));
    this.#reveal(item, event.in_reply_to);
    const parts = /** @type {HTMLElement | null} */ (item.querySelector(".parts"));
    if (parts) this.#addParts(parts, event);
  }

  /** @param {HTMLElement} place  of what it has beside its text @param {import("./api.js").ChatEvent} event */
  async #addParts(place, event) {
    try {
      const { parts, style } = await later(import("./parts.js"), "parts");
      place.append(...parts(event));
      dress(this.element, style);
    } catch {
      place.append(own("p", strings.failed));
    }
    if (event.seq === this.latest) this.#reveal(/** @type {HTMLElement} */ (place.parentElement), event.in_reply_to);
  }

  /** Shows what is on its way. @param {import("./outbox.js").Waiting} waiting */
  showWaiting({ message: { client_id: id }, words }) {
    const item = message({ seq: 0, type: "message", from: "customer", at: "", text: words }, this.#onChoice);
    this.#list.append(item);
    this.#waiting.set(id, item);
    this.#reveal(item);
  }

  /** @param {import("./outbox.js").Waiting} waiting @param {string} words */
  note({ message: { client_id: id } }, words) {
    const item = this.#waiting.get(id);
    if (!item) return;
    item.querySelector(".note")?.remove();
    const note = own("span", words);
    note.className = "note";
    item.append(note);
    this.#reveal(item);
  }

  /** @param {import("./outbox.js").Waiting} waiting */
  refused(waiting) {
    this.note(waiting, strings.refused);
    const taken = this.#groups().find((group) => group.dataset.taken === waiting.words);
    if (taken) open(taken);
    this.#waiting.delete(waiting.message.client_id);
  }

  /** @param {import("./outbox.js").Waiting} waiting @param {number} seq */
  accepted({ message: { client_id: id } }, seq) {
    const item = this.#waiting.get(id);
    this.#waiting.delete(id);
    item?.querySelector(".note")?.remove();
    if (this.#shown.has(seq)) item?.remove();
    else if (item) this.#shown.set(seq, item);
  }

  /**
   * The waiting message that the feed tells of before the acknowledgement comes.
   * @param {import("./api.js").ChatEvent} event
   */
  #arrived({ from, text }) {
    const [first] = this.#waiting;
    if (from !== "customer" || first?.[1].querySelector("p")?.textContent !== text) return undefined;
    this.#waiting.delete(first[0]);
    return first[1];
  }

  /** The seq of the latest message that is not the customer's, 0 where there is none. */
  get latest() {
    return Math.max(0, ...[...this.#shown].filter(([, item]) => !item.matches(".customer")).map(([seq]) => seq));
  }

  /**
   * Puts something below a message, in place of what stood so below another, unless somebody is busy with that.
   * @param {number} seq @param {Node} foot
   */
  foot(seq, foot) {
    const before = this.#list.querySelector(".foot");
    if (before?.querySelector(":focus") || before?.querySelector("textarea")?.value) return;
    before?.remove();
    const item = node("li", "foot");
    item.append(foot);
    this.#shown.get(seq)?.after(item);
  }

  /** Says that the conversation is over; gives back the button that begins another. */
  end() {
    close(this.element);
    const item = own("li", strings.over);
    item.className = "over";
    const again = button("choice", strings.again);
    item.append(again);
    this.#list.append(item);
    this.announcer.say(own("span", strings.over));
    this.#reveal(item);
    return again;
  }

  /** A choice is shown as said by its title: the message that offered it offers no more. @param {string} title */
  #closeTaken(title) {
    const groups = this.#groups();
    const clicked = groups.find((group) => group.dataset.taken === title);
    if (clicked) return void delete clicked.dataset.taken;
    const typed = groups.find((group) =>
      [...group.querySelectorAll("button")].some((choice) => !choice.disabled && same(choice.textContent, title)),
    );
    if (typed) close(typed);
  }

  /** The choices that were offered, the latest first. */
  #groups() {
    return [.../** @type {NodeListOf<HTMLElement>} */ (this.element.querySelectorAll(".choices"))].reverse();
  }

  /**
   * Shows a message, but once for all that come at the same time: each look at a place lays out the whole log.
   * @param {HTMLElement} item @param {number} [cause]  the seq of the question
   */
  #reveal(item, cause) {
    if (!this.#next.length) requestAnimationFrame(() => this.reveal());
    this.#next = [item, this.#shown.get(cause ?? 0) ?? item];
  }

  /** Scrolls to what has not been shown yet; a long answer is shown from the question on. */
  reveal() {
    const height = this.#next.length && this.element.clientHeight;
    if (!height) return;
    const [item, question] = this.#next;
    this.#next = [];
    const first = question.offsetHeight * 3 < height ? question : item;
    this.element.scrollTop = Math.min(this.element.scrollHeight, first.offsetTop - MARGIN);
  }
}

/** @param {import("./api.js").ChatEvent} event */
function spoken(event) {
  const titles = (event.choices ?? []).map((choice) => choice.title);
  const words = polish("span", `${event.text}${titles.length ? ` Do wyboru: ${titles.join(", ")}.` : ""}`);
  return [own("span", `${speaker(event)}: `), words];
}

/** @param {string | null} one @param {string} other */
function same(one, other) {
  return one?.trim().toLocaleLowerCase("pl") === other.trim().toLocaleLowerCase("pl");
}
