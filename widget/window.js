/** The assistant's window and the button that opens it. */
import { Conversation, Refused, isOver } from "./api.js";
import { Composer } from "./composer.js";
import { Feed } from "./feed.js";
import { Log } from "./log.js";
import { anchor, person } from "./messages.js";
import { button, dress, later, node } from "./nodes.js";
import { Outbox } from "./outbox.js";
import { strings } from "./strings.js";

const SERVER = new URL("..", import.meta.url).href.replace(/\/$/, "");
/** What tells of typing: it stays in the window, where no script of the page hears it. */
const PRIVATE = ["keydown", "keypress", "keyup", "beforeinput", "input", "copy", "cut", "paste"];
/** Characters of a message, as the server counts them. */
const LONGEST = 4000;
/** Where the window fills the screen, so that nothing behind it may be reached; style.js says the same. */
const FULL_SCREEN = window.matchMedia("(max-width: 30em), (max-height: 30em)");

/**
 * @typedef {object} Options
 * @property {string} session  the mark of who is signed in on the page
 * @property {string} greeting  words on the button that opens the window
 * @property {string} context  a question that many have on this page, offered until something is said
 * @property {(name: string, detail?: object) => void} tell  tells the page what happened
 */

export class Window {
  #launcher;
  #root;
  #options;
  #window = node("dialog", "window");
  #identity = status("status");
  /** What was refused or went wrong of what the customer did. */
  #refusal = status("status trouble");
  /** Why nothing comes or goes. */
  #trouble = status("status offline");
  #kind = node("span", "kind");
  /** Whether somebody of the office has the conversation. */
  #taken = false;
  #typing = node("p", "typing", strings.typing);
  #log = new Log((choice) => this.#say({ choice: choice.id }, choice.title));
  #composer = new Composer(
    (text) => this.#sayText(text),
    (file) => this.#attach(file),
  );
  /** @type {{conversation: Conversation, feed: Feed, outbox: Outbox} | null} */
  #session = null;
  /** @type {Set<number>} */
  #unanswered = new Set();
  #suggestion = node("div", "suggestion");
  /** What happened so far. @type {import("./api.js").ChatEvent[]} */
  #events = [];

  /** @param {ShadowRoot} root @param {Options} options */
  constructor(root, options) {
    this.#root = root;
    this.#options = options;
    this.#launcher = button("launcher", options.greeting || strings.open);
    this.#build();
    root.append(this.#launcher, this.#window);
    this.#launcher.addEventListener("click", () => this.open());
    this.#window.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    for (const name of PRIVATE) this.#window.addEventListener(name, (event) => event.stopPropagation());
    // The back gesture of a phone asks a modal window to close without a key.
    this.#window.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.close();
    });
    FULL_SCREEN.addEventListener("change", () => this.#window.open && this.#show());
  }

  /** Leaves the conversation as it stands. */
  stop() {
    this.#session?.feed.stop();
    this.#session?.conversation.leave();
    this.#session = null;
    this.#window.close();
    this.#launcher.hidden = false;
  }

  #build() {
    const title = node("h2");
    title.id = "title";
    title.append(strings.name, node("span", "unseen", " – "), this.#kind);
    this.#showPerson({});
    const end = button("quiet", strings.end);
    end.setAttribute("aria-label", strings.endLabel);
    const close = button("quiet close", "✕");
    close.setAttribute("aria-label", strings.close);
    const header = node("header");
    header.append(title, end, close);
    this.#typing.hidden = true;
    this.#launcher.lang = this.#window.lang = strings.language;
    this.#log.announcer.element.lang = "pl";
    if (this.#options.context) this.#suggest(this.#options.context);
    this.#window.setAttribute("aria-labelledby", title.id);
    this.#window.append(header, this.#identity, this.#refusal, this.#trouble);
    this.#window.append(this.#log.element, this.#typing, this.#suggestion);
    const save = button("plain", strings.save);
    save.addEventListener("click", () => this.#download());
    const notice = node("p", "privacy", `${strings.privacy} `);
    notice.append(anchor(`${SERVER}/dane-osobowe`, strings.privacyLink), " ", save);
    this.#window.append(this.#composer.element, notice, this.#log.announcer.element);
    close.addEventListener("click", () => this.close());
    end.addEventListener("click", () => this.#end());
  }

  /** @param {boolean} takesFocus  not when the page opens it by itself */
  open(takesFocus = true) {
    if (this.#window.open) return;
    this.#launcher.hidden = true;
    this.#show();
    if (takesFocus) this.#composer.focus();
    // In a task of its own, so that the window is seen first.
    setTimeout(() => this.#begin());
    this.#options.tell("open");
  }

  close() {
    if (!this.#window.open) return;
    this.#window.close();
    this.#launcher.hidden = false;
    this.#launcher.focus();
    this.#options.tell("close");
  }

  /** @param {string} question */
  #suggest(question) {
    const made = button("choice", question);
    made.lang = "pl";
    made.addEventListener("click", () => this.#sayText(question));
    this.#suggestion.append(made);
  }

  /** Shows the window as its place asks; a modal one takes the focus, which is undone. */
  #show() {
    const focused = /** @type {HTMLElement} */ (this.#root.activeElement ?? document.activeElement);
    this.#window.close();
    if (FULL_SCREEN.matches) this.#window.showModal();
    else this.#window.open = true;
    if (focused === document.body) /** @type {HTMLElement | null} */ (this.#root.activeElement)?.blur();
    else focused?.focus();
    this.#log.reveal();
  }

  /** Begins a conversation, or goes on with the tab's, unless it already does. */
  #begin() {
    if (this.#session || !this.#window.open) return;
    this.#log.clear();
    this.#unanswered.clear();
    this.#events = [];
    this.#composer.element.hidden = false;
    this.#showPerson({});
    tell(this.#refusal, "");
    const conversation = new Conversation(SERVER, this.#options.session);
    const outbox = new Outbox(conversation, {
      onWaiting: (waiting, error) => {
        this.#log.note(waiting, strings.waiting);
        this.#tellTrouble(error);
      },
      onAccepted: (waiting, seq) => {
        this.#log.accepted(waiting, seq);
        tell(this.#trouble, "");
      },
      onRefused: (waiting, error) => {
        this.#log.refused(waiting);
        if (isOver(error)) this.#over();
        else tellFailure(this.#refusal, error, strings.failed);
      },
    });
    const feed = new Feed(conversation, {
      onEvent: (event, isHistory) => this.#take(event, isHistory),
      onLine: (error) => (error ? this.#tellTrouble(error) : this.#onLine()),
      onOver: () => this.#over(),
    });
    this.#session = { conversation, feed, outbox };
    outbox.waiting.forEach((waiting) => this.#log.showWaiting(waiting));
    outbox.flush();
    feed.run();
  }

  /** @param {import("./api.js").ChatEvent} event @param {boolean} isHistory */
  #take(event, isHistory) {
    this.#events.push(event);
    if (event.type === "message") this.#log.show(event, isHistory);
    if (event.type === "message" && !isHistory) this.#options.tell("message", { seq: event.seq, from: event.from });
    if (event.type === "message" && event.from === "customer") {
      this.#unanswered.add(event.seq);
      this.#suggestion.remove();
    }
    if (event.type === "answered") this.#unanswered.delete(event.in_reply_to ?? 0);
    if (event.type === "answered" && !isHistory && !this.#taken) this.#offerRating();
    if (event.type === "identity") this.#showIdentity(event);
    if (event.type === "handoff") this.#showPerson(event);
    this.#typing.hidden = this.#unanswered.size === 0;
  }

  /** Says who answers: the assistant, or somebody of the office. @param {{state?: string, name?: string}} handoff */
  #showPerson({ state, name }) {
    this.#taken = state === "taken";
    this.#kind.textContent = this.#taken ? person(name) : strings.kind;
  }

  async #offerRating() {
    // Nobody asked for it: where it does not come nothing is said.
    const module = await later(import("./rating.js"), "rating").catch(() => null);
    const [conversation, seq] = [this.#session?.conversation, this.#log.latest];
    if (!module || !conversation) return;
    dress(this.#window, module.style);
    this.#log.foot(seq, module.rating((score, comment) => conversation.rate(seq, score, comment)));
  }

  async #download() {
    tell(this.#refusal, "");
    try {
      const { download } = await later(import("./download.js"), "download");
      download(this.#events);
    } catch {
      tell(this.#refusal, strings.failed);
    }
  }

  /** @param {import("./api.js").ChatEvent} event */
  #showIdentity(event) {
    const confirmed = event.state === "confirmed";
    this.#identity.textContent = confirmed ? strings.confirmed : "";
    // On a page of the portal identity is the page's, and so is signing out.
    if (!confirmed || this.#options.session) return;
    const out = button("plain", strings.signOut);
    out.setAttribute("aria-label", strings.signOutLabel);
    out.addEventListener("click", () => this.#end());
    this.#identity.append(" ", out);
  }

  /** @param {string} text @returns {boolean} whether it is taken */
  #sayText(text) {
    const fits = [...text].length <= LONGEST;
    if (fits) this.#say({ text }, text);
    else tell(this.#refusal, strings.tooLong);
    return fits;
  }

  /** @param {{text: string} | {choice: string}} said @param {string} words */
  #say(said, words) {
    this.#begin();
    if (!this.#session) return;
    tell(this.#refusal, "");
    this.#suggestion.remove();
    this.#log.showWaiting(this.#session.outbox.add(said, words));
    this.#session.outbox.flush();
    this.#composer.focus();
  }

  /** @param {File} file */
  async #attach(file) {
    if (!this.#session) return;
    tell(this.#refusal, strings.sending(file.name));
    this.#composer.focus();
    const { conversation } = this.#session;
    try {
      await conversation.attach(file);
      tell(this.#refusal, "");
    } catch (error) {
      if (this.#session?.conversation !== conversation) return;
      if (isOver(error)) this.#over();
      else tellFailure(this.#refusal, error, strings.failed);
    }
  }

  async #end() {
    if (!this.#session) return this.close();
    try {
      await this.#session.conversation.end();
      this.#over();
    } catch {
      tell(this.#refusal, strings.notEnded);
    }
  }

  #over() {
    if (!this.#session) return;
    // A person who writes elsewhere on the page goes on there.
    const isHere = this.#root.activeElement || this.#window.matches(":modal");
    this.#session.feed.stop();
    this.#session.outbox.waiting.forEach((waiting) => this.#log.refused(waiting));
    this.#session.outbox.clear();
    this.#session.conversation.forget();
    this.#session = null;
    this.#composer.element.hidden = true;
    this.#suggestion.remove();
    this.#typing.hidden = true;
    this.#identity.textContent = "";
    for (const place of [this.#refusal, this.#trouble]) tell(place, "");
    const again = this.#log.end();
    again.addEventListener("click", () => {
      this.#begin();
      this.#composer.focus();
    });
    if (this.#window.open && isHere) again.focus();
  }

  #onLine() {
    tell(this.#trouble, "");
    this.#session?.outbox.flush();
  }

  /** @param {unknown} error  a refusal comes from a server, anything else from a network that is gone */
  #tellTrouble(error) {
    tellFailure(this.#trouble, error, error instanceof Refused ? strings.trouble : strings.offline);
  }
}

/** @param {string} className */
function status(className) {
  const made = node("p", className);
  made.setAttribute("role", "status");
  return made;
}

/** The server's own sentence, where there is one. @param {HTMLElement} place @param {unknown} error @param {string} ours */
function tellFailure(place, error, ours) {
  if (error instanceof Refused && error.message) tell(place, error.message, "pl");
  else tell(place, ours);
}

/** Says it once: the same again would be heard again. @param {HTMLElement} place @param {string} words */
function tell(place, words, language = strings.language) {
  if (place.textContent === words) return;
  place.lang = language;
  place.textContent = words;
}
