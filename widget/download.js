/** The conversation as a text file. */
import { speaker, node, strings } from "./widget.js";

const TIME = /** @type {const} */ ({ dateStyle: "short", timeStyle: "short", timeZone: "Europe/Warsaw" });

/** @param {import("./api.js").ChatEvent[]} events */
export function download(events) {
  const lines = events.filter((event) => event.type === "message").map(line);
  const link = node("a");
  link.href = URL.createObjectURL(new Blob([lines.join("\n\n")], { type: "text/plain;charset=utf-8" }));
  link.download = strings.file;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

/** @param {import("./api.js").ChatEvent} event */
function line(event) {
  const { at, text, table } = event;
  const rows = table ? [table.columns, ...table.rows].map((row) => row.join("; ")) : [];
  return [`${new Date(at).toLocaleString("pl-PL", TIME)} ${speaker(event)}: ${text}`, ...rows].join("\n");
}
