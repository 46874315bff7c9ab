/** An extra: single keys for the queue of the teaching. Without scripts its forms do the same. */

const OFF = "mojbok-teaching-keys-off";
const legend = /** @type {HTMLElement} */ (document.querySelector(".keys"));
const groups = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".lesson")]);
const works = /** @type {HTMLInputElement} */ (document.getElementById("skroty"));

/** @returns {HTMLElement | undefined}  the group that holds the focus */
const present = () => groups.find((group) => group.contains(document.activeElement));

/** @param {number} step */
function move(step) {
  const now = present();
  const next = now ? groups.indexOf(now) + step : 0;
  groups[Math.max(0, Math.min(next, groups.length - 1))]?.focus();
}

/** @param {string} key  of a control in the present group */
function use(key) {
  const control = /** @type {HTMLElement | null | undefined} */ (present()?.querySelector(`[data-key="${key}"]`));
  if (control instanceof HTMLSelectElement) control.focus();
  else control?.click();
}

/** @type {Record<string, () => void>} */
const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => use("w"),
  "?": () => document.getElementById("klawisze")?.focus(),
};
for (const key of ["1", "2", "3", "w", "n", "s", "e"]) KEYS[key] = () => use(key);

/** @param {EventTarget | null} target */
const isTyping = (target) =>
  target instanceof HTMLElement && target.matches("select, textarea, input:not([type=checkbox]), [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
  if (event.key === "Escape" && isTyping(event.target)) return void present()?.focus();
  if (!works?.checked || isTyping(event.target) || !Object.hasOwn(KEYS, event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
});

if (works) {
  legend.hidden = false;
  works.checked = sessionStorage.getItem(OFF) === null;
  works.addEventListener("change", () => {
    if (works.checked) sessionStorage.removeItem(OFF);
    else sessionStorage.setItem(OFF, "");
  });
}

// After a decision the next group stands in the place of the one before.
const place = location.hash.match(/^#grupa-(\d+)$/)?.[1];
if (place) groups[Math.min(Number(place), groups.length) - 1]?.focus();
document.querySelector(".errors")?.focus();
