/** An extra: a filter replaces the part of the page that it changes. Without scripts the form loads the whole page. */

/** @param {string} address @param {string} name  of the part */
async function part(address, name) {
  const answer = await new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    // The browser parses the page and runs nothing in it.
    request.responseType = "document";
    request.open("GET", address);
    request.onload = () => resolve(request);
    request.onerror = reject;
    request.send();
  });
  const asked = new URL(address, location.href);
  const there = new URL(answer.responseURL);
  return answer.status === 200 && there.pathname === asked.pathname ? answer.response?.getElementById(name) : null;
}

/** @param {string} address @param {string} name */
async function show(address, name) {
  const found = await part(address, name).catch(() => null);
  const place = document.getElementById(name);
  if (!found || !place) return void (location.href = address);
  place.replaceWith(document.adoptNode(found));
}

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-part]"))) {
  const name = form.dataset.part ?? "";
  const update = () => {
    const address = `${form.action}?${new URLSearchParams(/** @type {any} */ (new FormData(form)))}`;
    history.replaceState(null, "", address);
    show(address, name);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    update();
  });
}

document.querySelector(".errors")?.focus();
