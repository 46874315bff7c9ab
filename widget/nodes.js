/** The few shapes that all of the window is made of. */
import { strings } from "./strings.js";

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {string} [className] @param {string} [text]
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function node(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** Words of the window itself. @template {keyof HTMLElementTagNameMap} Tag @param {Tag} tag @param {string} words */
export function own(tag, words) {
  const made = node(tag, "", words);
  made.lang = strings.language;
  return made;
}

/** @param {string} className @param {string} words */
export function button(className, words) {
  const made = node("button", className, words);
  made.type = "button";
  return made;
}
