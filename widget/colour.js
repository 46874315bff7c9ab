/** The page's own colour, where white words can be read on it. */

const READABLE = 4.5;

/**
 * The style with that colour; a sheet of its own, which no style of the page gets at. Null where it is no such colour.
 * @param {string} colour  `#rrggbb`
 */
export function accented(colour) {
  if (!isDark(colour)) return null;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`.launcher, .window { --accent: ${colour} }`);
  return sheet;
}

/** Whether white on it reaches the contrast of WCAG 2.2 AA (1.4.3). @param {string} colour */
function isDark(colour) {
  if (!/^#[\da-f]{6}$/i.test(colour)) return false;
  const [red, green, blue] = [1, 3, 5].map((place) => {
    const part = parseInt(colour.slice(place, place + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= READABLE;
}
