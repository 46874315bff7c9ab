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
  if (event.links || event.table || event.image) item.append(node("div", "parts"));
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

/** Offers choices again. @param {HTMLElement} group */
export function open(group) {
  delete group.dataset.taken;
  for (const choice of group.querySelectorAll("button")) choice.disabled = false;
}

/** @param {ParentNode} place */
export function close(place) {
  for (const choice of place.querySelectorAll("button")) choice.disabled = true;
}
