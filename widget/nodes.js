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

/** Words of the assistant, the server or the page. @template {keyof HTMLElementTagNameMap} Tag @param {Tag} tag @param {string} words */
export function polish(tag, words) {
  const made = node(tag, "", words);
  made.lang = "pl";
  return made;
}

/** @param {string} className @param {string} words */
export function button(className, words) {
  const made = node("button", className, words);
  made.type = "button";
  return made;
}

/**
 * Tries a second time where a module did not come: Chromium remembers that by its address.
 * @template Module @param {Promise<Module>} module @param {string} name @returns {Promise<Module>}
 */
export function later(module, name) {
  return module.catch(() => import(`./${name}.js?${Date.now()}`));
}

/** Gives the window a style that came later. @param {Node} place  in the window @param {CSSStyleSheet} style */
export function dress(place, style) {
  const { adoptedStyleSheets: sheets } = /** @type {ShadowRoot} */ (place.getRootNode());
  if (!sheets.includes(style)) sheets.push(style);
}
