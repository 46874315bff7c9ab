/** Colours that white words can be read on. */

const READABLE = 4.5;

/**
 * Whether white on it reaches the contrast of WCAG 2.2 AA (1.4.3).
 * @param {string} colour  `#rrggbb`; anything else is none
 */
export function isDark(colour) {
  if (!/^#[\da-f]{6}$/i.test(colour)) return false;
  const [red, green, blue] = [1, 3, 5].map((place) => {
    const part = parseInt(colour.slice(place, place + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= READABLE;
}
