/** An extra: the list and the conversation follow what happens. Without scripts the pages are loaded anew. */

/** Milliseconds between two looks at the list, and after a look at a conversation that failed. */
const PAUSE = 3000;
/** Pixels from the end at which who reads is taken to follow. */
const NEAR = 80;

/** @param {number} length */
const pause = (length) => new Promise((resolve) => setTimeout(resolve, length));

/** @param {string} address @returns {Promise<XMLHttpRequest>} */
function look(address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    // The browser parses the page and runs nothing in it.
    request.responseType = "document";
    request.open("GET", address);
    request.onload = () => resolve(request);
    request.onerror = reject;
    request.send();
  });
}

/** The list is replaced only where it changed, and who stands on a link in it still does. */
async function followList() {
  for (;;) {
    await pause(PAUSE);
    const shown = /** @type {HTMLElement} */ (document.getElementById("lista"));
    const found = (await look(shown.dataset.live ?? "").catch(() => null))?.response?.getElementById("lista");
    if (!found) continue;
    const [before, after] = [shown, found].map((list) => list.querySelector(".waiting"));
    if (before.textContent !== after.textContent) before.textContent = after.textContent;
    const rest = [shown, found].map((list) => [...list.children].slice(1));
    if (rest[0].map((part) => part.outerHTML).join() === rest[1].map((part) => part.outerHTML).join()) continue;
    const at = shown.contains(document.activeElement) ? document.activeElement?.getAttribute("href") : null;
    rest[0].forEach((part) => part.remove());
    shown.append(...rest[1].map((part) => document.adoptNode(part)));
    if (at) /** @type {HTMLElement | null} */ (shown.querySelector(`a[href="${CSS.escape(at)}"]`))?.focus();
  }
}

/** @param {HTMLElement} log */
async function followTalk(log) {
  const list = /** @type {HTMLElement} */ (log.querySelector("ol"));
  const seqs = () => [...list.querySelectorAll("[data-seq]")].map((line) => Number(line.getAttribute("data-seq")));
  for (;;) {
    const answer = await look(`${log.dataset.live}?po=${Math.max(0, ...seqs())}`).catch(() => null);
    if (answer?.status === 409) return tell("Ta rozmowa już nie jest Twoja. Odśwież stronę, aby zobaczyć, kto ją prowadzi.");
    if (answer?.status === 200 && !answer.responseURL.includes("/dalej")) return tell("Zaloguj się ponownie, aby dalej prowadzić rozmowę.");
    const lines = answer?.status === 200 ? [...answer.response.querySelectorAll("[data-seq]")] : [];
    const follows = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
    list.append(...lines.map((line) => document.adoptNode(line)));
    if (lines.length && follows) log.scrollTop = log.scrollHeight;
    if (!answer || answer.status >= 400) await pause(PAUSE);
  }
}

/** @param {string} words */
function tell(words) {
  const place = document.getElementById("wiesci");
  if (place) place.textContent = words;
}

/** @param {HTMLFormElement} form */
function sendInPlace(form) {
  const field = /** @type {HTMLTextAreaElement} */ (form.elements.namedItem("wiadomosc"));
  const key = /** @type {HTMLInputElement} */ (form.elements.namedItem("klucz"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!field.value.trim()) return field.focus();
    const sent = field.value;
    const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (answer?.type !== "opaqueredirect") return tell("Wiadomość nie została wysłana. Spróbuj ponownie albo odśwież stronę.");
    key.value = crypto.randomUUID();
    if (field.value === sent) field.value = "";
    tell("");
    field.focus();
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
}

const log = document.getElementById("przebieg");
const form = /** @type {HTMLFormElement | null} */ (document.getElementById("pisanie"));
if (log) log.scrollTop = log.scrollHeight;
if (log?.dataset.live) followTalk(log);
if (form) sendInPlace(form);
if (document.getElementById("lista")) followList();
/** @type {HTMLElement | null} */ (document.querySelector(".errors"))?.focus();
