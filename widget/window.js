/** The assistant's window and the button that opens it. */
import { Conversation, Refused, isOver } from "./api.js";
import { Composer } from "./composer.js";
import { Feed } from "./feed.js";
import { Log } from "./log.js";
import { anchor, person } from "./messages.js";
import { button, node } from "./nodes.js";
import { Outbox } from "./outbox.js";
import { strings } from "./strings.js";

const SERVER = new URL("..", import.meta.url).href.replace(/\/$/, "");
/** What tells of typing: it stays in the window, where no script of the page hears it. */
const PRIVATE = ["keydown", "keypress", "keyup", "beforeinput", "input", "copy", "cut", "paste"];
/** Milliseconds to wait for the conversation's past. */
const PATIENCE = 10000;
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
  #trouble = status("status trouble");
  #kind = node("span", "kind");
  /** Whether somebody of the office has the conversation. */
  #taken = false;
  #typing = node("p", "typing", strings.typing);
  #log = new Log((choice) => this.#say({ choice: choice.id }, choice.title));
  #composer = new Composer(
    (text) => this.#say({ text }, text),
    (file) => this.#attach(file),
  );
  /** @type {{conversation: Conversation, feed: Feed, outbox: Outbox} | null} */
  #session = null;
  /** @type {Set<number>} */
  #unanswered = new Set();
  #suggestion = node("div", "suggestion");
  #save = button("plain", strings.save);
  #refusal = "";
  #offline = false;

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
    this.#window.setAttribute("aria-label", `${strings.name} – ${strings.kind}`);
    this.#window.append(header, this.#identity, this.#trouble, this.#log.element, this.#typing, this.#suggestion);
    this.#save.addEventListener("click", () => this.#download());
    const notice = node("p", "privacy", `${strings.privacy} `);
    notice.append(anchor(`${SERVER}/dane-osobowe`, strings.privacyLink), " ", this.#save);
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
    made.addEventListener("click", () => this.#say({ text: question }, question));
    this.#suggestion.append(made);
  }

  /** Shows the window as its place asks; a modal one takes the focus, which is undone. */
  #show() {
    const focused = /** @type {HTMLElement} */ (this.#root.activeElement ?? document.activeElement);
    this.#window.close();
    if (FULL_SCREEN.matches) this.#window.showModal();
    else this.#window.open = true;
    if (focused === document.body) /** @type {HTMLElement | null} */ (this.#root.activeElement)?.blur();
    else focused.focus();
    this.#log.reveal();
  }

  /** Begins a conversation, or goes on with the tab's, unless it already does. */
  #begin() {
    if (this.#session || !this.#window.open) return;
    this.#log.clear();
    this.#unanswered.clear();
    this.#composer.element.hidden = this.#save.hidden = false;
    this.#showPerson({});
    this.#tell("");
    const conversation = new Conversation(SERVER, this.#options.session);
    const outbox = new Outbox(conversation, {
      onWaiting: (waiting) => this.#log.note(waiting, strings.waiting),
      onAccepted: (waiting, seq) => this.#log.accepted(waiting, seq),
      onRefused: (waiting, error) => {
        if (this.#session?.conversation !== conversation) return;
        this.#log.refused(waiting);
        if (isOver(error)) this.#over();
        else this.#tell(error.message || strings.failed);
      },
    });
    const feed = new Feed(conversation, {
      onEvent: (event, isHistory) => this.#take(event, isHistory),
      onLine: (online) => this.#line(online),
      onOver: () => this.#over(),
    });
    this.#session = { conversation, feed, outbox };
    outbox.waiting.forEach((waiting) => this.#log.showWaiting(waiting));
    outbox.flush();
    feed.run();
  }

  /** @param {import("./api.js").ChatEvent} event @param {boolean} isHistory */
  #take(event, isHistory) {
    if (event.type === "message") this.#log.show(event, isHistory);
    if (event.type === "message" && !isHistory) this.#options.tell("message", { seq: event.seq, from: event.from });
    if (event.type === "message" && event.from === "customer") this.#unanswered.add(event.seq);
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
    const { rating } = await import("./rating.js");
    const [conversation, seq] = [this.#session?.conversation, this.#log.latest];
    if (conversation) this.#log.foot(seq, rating((score, comment) => conversation.rate(seq, score, comment)));
  }

  async #download() {
    const events = await this.#session?.conversation.events(0, 0, AbortSignal.timeout(PATIENCE)).catch(() => null);
    if (!events) return this.#tell(strings.failed);
    const { download } = await import("./download.js");
    download(events);
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

  /** @param {{text: string} | {choice: string}} said @param {string} words */
  #say(said, words) {
    this.#begin();
    if (!this.#session) return;
    this.#tell("");
    this.#suggestion.remove();
    this.#log.showWaiting(this.#session.outbox.add(said, words));
    this.#session.outbox.flush();
    this.#composer.focus();
  }

  /** @param {File} file */
  async #attach(file) {
    if (!this.#session) return;
    this.#tell(strings.sending(file.name));
    this.#composer.focus();
    const { conversation } = this.#session;
    try {
      await conversation.attach(file);
      this.#tell("");
    } catch (error) {
      if (this.#session?.conversation !== conversation) return;
      if (isOver(error)) this.#over();
      else this.#tell((error instanceof Refused && error.message) || strings.failed);
    }
  }

  async #end() {
    if (!this.#session) return this.close();
    try {
      await this.#session.conversation.end();
      this.#over();
    } catch {
      this.#tell(strings.notEnded);
    }
  }

  #over() {
    if (!this.#session) return;
    this.#session.feed.stop();
    this.#session.outbox.waiting.forEach((waiting) => this.#log.refused(waiting));
    this.#session.outbox.clear();
    this.#session.conversation.forget();
    this.#session = null;
    this.#composer.element.hidden = this.#save.hidden = true;
    this.#suggestion.remove();
    this.#typing.hidden = true;
    this.#identity.textContent = "";
    this.#offline = false;
    this.#tell("");
    const again = this.#log.end();
    again.addEventListener("click", () => {
      this.#begin();
      this.#composer.focus();
    });
    if (this.#window.open) again.focus();
  }

  /** @param {boolean} online */
  #line(online) {
    this.#offline = !online;
    this.#tell(this.#refusal);
    if (online) this.#session?.outbox.flush();
  }

  /** @param {string} refusal  a sentence, or nothing */
  #tell(refusal) {
    this.#refusal = refusal;
    this.#trouble.textContent = this.#offline ? strings.offline : refusal;
  }
}

/** @param {string} className */
function status(className) {
  const made = node("p", className);
  made.setAttribute("role", "status");
  return made;
}
