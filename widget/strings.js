/** What the window itself says. */
export const strings = {
  language: "pl",
  open: "Zapytaj asystenta",
  name: "Asystent mojBOK",
  kind: "automatyczny asystent",
  close: "Zamknij okno rozmowy",
  end: "Zakończ",
  endLabel: "Zakończ rozmowę",
  log: "Rozmowa",
  compose: "Twoja wiadomość",
  send: "Wyślij",
  attach: "Plik",
  attachLabel: "Plik: dołącz PDF, JPEG lub PNG",
  sending: /** @param {string} name */ (name) => `Wysyłamy plik: ${name}`,
  privacy: "Nie podawaj tu haseł ani numerów kart. Dane osobowe ukrywamy w zapisie rozmowy.",
  you: "Ty",
  bot: "Asystent",
  staff: "Konsultant",
  offered: /** @param {string[]} titles */ (titles) => `Do wyboru: ${titles.join(", ")}.`,
  typing: "Asystent pisze odpowiedź…",
  waiting: "czeka na wysłanie",
  refused: "nie wysłano",
  offline: "Brak połączenia. Wiadomości zostaną wysłane, gdy wróci.",
  confirmed: /** @param {string} time */ (time) => `Tożsamość potwierdzona do ${time}`,
  over: "Ta rozmowa się zakończyła.",
  again: "Zacznij nową rozmowę",
  notEnded: "Nie udało się zakończyć rozmowy. Spróbuj ponownie za chwilę.",
  failed: "Coś poszło nie tak. Spróbuj ponownie za chwilę.",
};

/** Has the window say it in another language; the assistant itself speaks Polish. @param {string} locale */
export async function speak(locale) {
  if (locale === "en") Object.assign(strings, (await import("./english.js")).english);
}
