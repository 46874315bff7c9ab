/**
 * The one script of a page, served as /widget.js: brings the module, or a link where a browser knows no modules.
 * It is read by such browsers too: plain ES5.
 */
(function () {
  var script = document.currentScript;
  var server = script.src.replace(/widget\.js.*$/, "");

  function trusted(url) {
    var types = window.trustedTypes;
    if (!types) return url;
    return types.createPolicy("mojbok-chat", { createScriptURL: function () { return url; } }).createScriptURL("");
  }

  function load() {
    var module = document.createElement("script");
    module.type = "module";
    module.src = trusted(server + "widget/widget.js");
    document.head.appendChild(module);
  }

  function place() {
    var chat = document.querySelector("mojbok-chat") || document.body.appendChild(document.createElement("mojbok-chat"));
    if ("noModule" in script || chat.firstChild) return;
    var contact = document.createElement("a");
    contact.href = server;
    contact.textContent = "Kontakt z biurem obsługi";
    chat.appendChild(contact);
  }

  if (window.mojbokChat) return;
  window.mojbokChat = true;
  if ("noModule" in script) load();
  // While the page is being read its own element may still be to come.
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
  else place();
})();
