/**
 * The one script of a page, served as /widget.js: brings the module, or a link where a browser knows no modules or
 * cannot have it. It is read by such browsers too: plain ES5.
 */
(function () {
  var script = document.currentScript;
  var server = script.src.replace(/widget\.js.*$/, "");
  var works = "noModule" in script;

  function trusted(url) {
    var types = window.trustedTypes;
    if (!types) return url;
    return types.createPolicy("mojbok-chat", { createScriptURL: function () { return url; } }).createScriptURL("");
  }

  function load() {
    var module = document.createElement("script");
    module.type = "module";
    module.src = trusted(server + "widget/widget.js");
    // One that came may have failed all the same, for want of something that the browser does not know.
    module.onload = module.onerror = function () {
      works = !!window.customElements && !!customElements.get("mojbok-chat");
      if (!works) whenRead(place);
    };
    document.head.appendChild(module);
  }

  function place() {
    var chat = document.querySelector("mojbok-chat") || document.body.appendChild(document.createElement("mojbok-chat"));
    if (works || chat.children.length) return;
    var contact = document.createElement("a");
    contact.href = server;
    contact.textContent = "Kontakt z biurem obsługi";
    chat.appendChild(contact);
  }

  // While the page is being read its own element may still be to come.
  function whenRead(act) {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", act);
    else act();
  }

  if (window.mojbokChat) return;
  window.mojbokChat = true;
  if (works) load();
  whenRead(place);
})();
