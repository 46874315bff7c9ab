/** Messages as nodes: text nodes only, links of known kinds only. */
import { strings } from "./strings.js";

const LINK = /https?:\/\/[^\s]+[^\s.,;:!?)„”"]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\+48 ?\d{3} ?\d{3} ?\d{3}/g;

/** @param {string} tag @param {string} [className] @param {string} [text] */
export function node(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** @param {string} from */
export function speaker(from) {
  return from === "customer" ? strings.you : from === "staff" ? strings.staff : strings.bot;
}

/**
 * @param {import("./api.js").ChatEvent} event
 * @param {(choice: import("./api.js").Choice) => void} onChoice
 */
export function message(event, onChoice) {
  const item = node("li", `message ${event.from}`);
  item.append(node("span", "speaker", `${speaker(event.from ?? "bot")}: `), paragraph(event.text ?? ""));
  for (const link of event.links ?? []) item.append(anchor(link.url, link.title));
  if (event.table) item.append(table(event.table));
  if (event.image) item.append(image(event.image));
  if (event.choices) item.append(choices(event.choices, onChoice));
  return item;
}

/** @param {string} text */
function paragraph(text) {
  const made = node("p");
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    made.append(text.slice(end, match.index), anchor(address(match[0]), match[0]));
    end = match.index + match[0].length;
  }
  made.append(text.slice(end));
  return made;
}

/** @param {string} found */
function address(found) {
  if (found.startsWith("http")) return found;
  return found.includes("@") ? `mailto:${found}` : `tel:${found.replaceAll(" ", "")}`;
}

/** @param {string} url @param {string} title */
function anchor(url, title) {
  if (!/^(https?|mailto|tel):/.test(url)) return document.createTextNode(title);
  const link = /** @type {HTMLAnchorElement} */ (node("a", "link", title));
  link.href = url;
  if (url.startsWith("http")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  return link;
}

/** @param {{caption: string, columns: string[], rows: string[][]}} data */
function table(data) {
  const made = node("table");
  const head = node("tr");
  for (const column of data.columns) {
    const cell = node("th", "", column);
    cell.setAttribute("scope", "col");
    head.append(cell);
  }
  made.append(node("caption", "", data.caption), head);
  for (const row of data.rows) {
    const line = node("tr");
    for (const value of row) line.append(node("td", "", value));
    made.append(line);
  }
  return made;
}

/** @param {{url: string, alt: string}} data */
function image(data) {
  const made = /** @type {HTMLImageElement} */ (node("img"));
  made.src = data.url;
  made.alt = data.alt;
  return made;
}

/** @param {import("./api.js").Choice[]} offered @param {(choice: import("./api.js").Choice) => void} onChoice */
function choices(offered, onChoice) {
  const group = node("div", "choices");
  for (const choice of offered) {
    const button = /** @type {HTMLButtonElement} */ (node("button", "choice", choice.title));
    button.type = "button";
    button.addEventListener("click", () => {
      for (const other of group.querySelectorAll("button")) other.disabled = true;
      onChoice(choice);
    });
    group.append(button);
  }
  return group;
}
