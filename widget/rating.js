/** What the customer thinks of an answer: whether it helped, and a comment for those who want to say why. */
import { button, node, strings } from "./widget.js";

const LONGEST = 500;

export const style = new CSSStyleSheet();
style.replaceSync(`
.foot { margin-top: -6px; }
.rating { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; }
.score { min-height: 36px; padding: 4px 12px; font-size: .85em; background: var(--paper); border: 1px solid var(--line); }
.score[aria-pressed="true"] { background: var(--soft); border: 2px solid var(--accent); }
.reason { flex-basis: 100%; display: grid; gap: 6px; justify-items: start; }
.reason label { display: grid; gap: 4px; width: 100%; font-size: .85em; }
`);

/** @param {(score: "up" | "down", comment: string) => Promise<void>} onRate */
export function rating(onRate) {
  const group = node("div", "rating");
  group.lang = strings.language;
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", strings.rating);
  const said = node("span", "note");
  said.setAttribute("role", "status");
  const scores = /** @type {const} */ (["up", "down"]).map((score) => {
    const made = button("score", strings[score]);
    made.setAttribute("aria-pressed", "false");
    made.addEventListener("click", () => {
      for (const other of scores) other.setAttribute("aria-pressed", String(other === made));
      group.querySelector("form")?.remove();
      group.append(
        reason(async (comment) => {
          if (!(await rate(score, comment))) return;
          group.querySelector("form")?.remove();
          made.focus();
        }),
      );
      rate(score, "");
    });
    return made;
  });
  group.append(...scores, said);
  return group;

  /** @param {"up" | "down"} score @param {string} comment */
  async function rate(score, comment) {
    const kept = await onRate(score, comment).then(
      () => true,
      () => false,
    );
    said.textContent = kept ? strings.rated : strings.failed;
    return kept;
  }
}

/** @param {(comment: string) => void} onSay */
function reason(onSay) {
  const form = node("form", "reason");
  const label = node("label", "", strings.why);
  const field = node("textarea");
  field.maxLength = LONGEST;
  label.append(field);
  form.append(label, node("button", "choice", strings.sendComment));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const comment = field.value.trim();
    if (!comment) return field.focus();
    onSay(comment);
  });
  return form;
}
