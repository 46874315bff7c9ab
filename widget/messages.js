/** Messages as nodes: text nodes only, links of known kinds only. */
import { button, node, own } from "./nodes.js";
import { strings } from "./strings.js";

const LINK = /https?:\/\/\S+[^\s.,;:!?)„”"]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\+48\s?\d{3}\s?\d{3}\s?\d{3}/g;

/** @param {import("./api.js").ChatEvent} event */
export function speaker({ from, name }) {
  return from === "customer" ? strings.you : from === "staff" ? person(name) : strings.bot;
}

/** Somebody of the office. @param {string} [name] */
export function person(name) {
  return name ? `${name} (${strings.staff.toLowerCase()})` : strings.staff;
}

/**
 * @param {import("./api.js").ChatEvent} event
 * @param {(choice: import("./api.js").Choice) => void} onChoice
 */
export function message(event, onChoice) {
  const item = node("li", `message ${event.from}`);
  const who = own("span", `${speaker(event)}: `);
  who.className = "speaker";
  item.lang = "pl";
  item.append(who, paragraph(event.text ?? ""));
  for (const link of event.links ?? []) item.append(card(link));
  if (event.table) item.append(table(event.table));
  if (event.image) item.append(image(event.image));
  if (event.choices?.length) item.append(choices(event.choices, onChoice));
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
  return found.includes("@") ? `mailto:${found}` : `tel:${found.replace(/\s/g, "")}`;
}

/** @param {string} url @param {string} title */
export function anchor(url, title) {
  if (!/^(https?|mailto|tel):/.test(url)) return document.createTextNode(title);
  const link = node("a", "link", title);
  link.href = url;
  if (url.startsWith("http")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  return link;
}

/** A document: its title, and what happens when it is chosen. @param {{title: string, url: string}} document */
function card({ url, title }) {
  const made = anchor(url, title);
  if (made instanceof HTMLElement) {
    made.className = "card";
    if (url.startsWith("http")) made.append(own("small", strings.newTab));
  }
  return made;
}

/** @param {{caption: string, columns: string[], rows: string[][]}} data */
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

/** @param {import("./api.js").Choice[]} offered @param {(choice: import("./api.js").Choice) => void} onChoice */
function choices(offered, onChoice) {
  const group = node("div", "choices");
  for (const choice of offered) {
    const made = button("choice", choice.title);
    made.addEventListener("click", () => {
      close(group);
      // Until the server tells of it, this is the group that the customer's message answers.
      group.dataset.taken = choice.title;
      onChoice(choice);
    });
    group.append(made);
  }
  return group;
}

/** @param {ParentNode} place */
export function close(place) {
  for (const choice of place.querySelectorAll("button")) choice.disabled = true;
}
