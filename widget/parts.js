/** What an answer may have beside its text: documents, a table, an image. Not every conversation comes to that. */
import { anchor, node, own, strings } from "./widget.js";

export const style = new CSSStyleSheet();
style.replaceSync(`
.card { display: grid; margin-top: 8px; padding: 8px 14px; color: var(--accent); background: var(--paper); border: 1px solid var(--accent); border-left-width: 6px; border-radius: 8px; font-weight: 600; }
.card small { font-weight: 400; }
img { display: block; max-width: 100%; margin-top: 8px; }
.message:has(.frame, img) { max-width: 100%; }
.frame { overflow-x: auto; margin-top: 8px; }
table { border-collapse: collapse; font-size: .85em; overflow-wrap: normal; }
caption { text-align: left; font-weight: 600; padding-bottom: 4px; }
th, td { border: 1px solid var(--line); padding: 4px 6px; text-align: left; }
td { white-space: nowrap; }
`);

/** @param {import("./api.js").ChatEvent} event */
export function parts({ links = [], table: data, image: picture }) {
  const made = links.map(card);
  if (data) made.push(table(data));
  if (picture) made.push(image(picture));
  return made;
}

/** A document: its title, and what happens when it is chosen. @param {{title: string, url: string}} document @returns {Node} */
function card({ url, title }) {
  const made = anchor(url, title);
  if (made instanceof HTMLElement) {
    made.className = "card";
    if (url.startsWith("http")) made.append(own("small", strings.newTab));
  }
  return made;
}

/** @param {import("./api.js").Table} data */
function table(data) {
  const made = node("table");
  made.append(node("caption", "", data.caption), node("thead"), node("tbody"));
  const head = node("tr");
  for (const column of data.columns) {
    const cell = node("th", "", column);
    cell.scope = "col";
    head.append(cell);
  }
  made.tHead?.append(head);
  for (const row of data.rows) {
    const line = node("tr");
    for (const value of row) line.append(node("td", "", value));
    made.tBodies[0].append(line);
  }
  // A table wider than the window is scrolled by itself, with the keyboard too.
  const frame = node("div", "frame");
  frame.tabIndex = 0;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", data.caption);
  frame.append(made);
  return frame;
}

/** @param {{url: string, alt: string}} data */
function image(data) {
  const made = node("img");
  made.src = data.url;
  made.alt = data.alt;
  return made;
}
