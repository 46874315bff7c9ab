/** What a tab keeps over a reload: in memory alone where the browser forbids it, or has no room. */

/** @type {Map<string, unknown>} */
const memory = new Map();

/** @param {string} key @returns {any} what is kept, of whatever shape; null where nothing can be read */
export function read(key) {
  if (memory.has(key)) return memory.get(key);
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} key @param {unknown} value  null to forget it */
export function write(key, value) {
  memory.set(key, value);
  try {
    // First, so that what finds no room leaves nothing older behind.
    sessionStorage.removeItem(key);
    if (value !== null) sessionStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The memory has it.
  }
}
